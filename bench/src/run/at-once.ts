/** Calls `call` `count` times, `concurrency` of them at once. @returns how long each took, ms */
export async function timesAtOnce(
  count: number,
  concurrency: number,
  call: (index: number) => Promise<unknown>,
): Promise<number[]> {
  const took: number[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const began = performance.now();
      await call(next++);
      took.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, lane));
  return took;
}
