/** Calls `run` so often, one after the other. @returns what each of them tells */
export async function oneByOne(count: number, run: () => Promise<number>): Promise<number[]> {
  const told: number[] = [];
  for (let i = 0; i < count; i++) told.push(await run());
  return told;
}

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
