/** How many things were tried, and how many of them failed. */
export interface Tally {
  passed: number;
  failed: number;
}

export const add = (...tallies: Tally[]): Tally => ({
  passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
  failed: tallies.reduce((sum, { failed }) => sum + failed, 0),
});

/** The last line of `npm test`. */
export const summary = ({ passed, failed }: Tally): string => `${String(passed)} passed, ${String(failed)} failed`;

/** The part of jest's result file that counts. */
export interface JestResult {
  numPassedTests: number;
  numFailedTests: number;
  /** suites that did not even load: their tests are in no other number */
  numRuntimeErrorTestSuites: number;
  success: boolean;
}

/** @param result undefined when jest ended without one: that is a failure */
export function tallyOfJest(result: JestResult | undefined): Tally {
  if (!result) return { passed: 0, failed: 1 };
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return { passed: result.numPassedTests, failed: failed || (result.success ? 0 : 1) };
}

/** @param output lines that begin with `ok` or `FAIL`, one a check; others are theirs */
export function tallyOfChecks(output: string, exitCode: number): Tally {
  const lines = output.split('\n');
  const failed = lines.filter((line) => line.startsWith('FAIL ')).length;
  return { passed: lines.filter((line) => line.startsWith('ok ')).length, failed: failed || (exitCode === 0 ? 0 : 1) };
}
