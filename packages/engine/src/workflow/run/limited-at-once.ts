export interface Job<T> {
  /** jobs of one group share a limit */
  group: string;
  /** absent: all at once */
  limit: number | undefined;
  run: () => Promise<T>;
}

/** Runs all jobs, of each group no more than its limit at once, begun in order. @returns the results in the jobs' order */
export async function limitedAtOnce<T>(jobs: readonly Job<T>[]): Promise<T[]> {
  const results: T[] = [];
  const groups = new Map<string, { limit: number; queue: number[] }>();
  jobs.forEach(({ group, limit }, index) => {
    const entry = groups.get(group) ?? { limit: Math.max(1, limit ?? Infinity), queue: [] };
    entry.queue.push(index);
    groups.set(group, entry);
  });
  const lanes = [...groups.values()].flatMap(({ limit, queue }) => {
    const waiting = queue.values();
    return Array.from({ length: Math.min(limit, queue.length) }, async () => {
      for (const index of waiting) results[index] = await (jobs[index] as Job<T>).run();
    });
  });
  await Promise.all(lanes);
  return results;
}
