/** @returns the first dotted number of a program's version text, as numbers: `postgres (PostgreSQL) 15.18` → [15, 18] */
export const versionIn = (text: string): number[] => (/(\d+(?:\.\d+)+)/.exec(text)?.[1] ?? '0').split('.').map(Number);

/** Whether `version` is not below `least`, part by part. */
export function isAtLeast(version: readonly number[], least: readonly number[]): boolean {
  for (const [i, need] of least.entries()) {
    const have = version[i] ?? 0;
    if (have !== need) return have > need;
  }
  return true;
}
