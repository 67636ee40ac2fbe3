/** The environment does not hold what the app needs. Its message names every problem, one a line. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`${problems.length} setting(s) are wrong:\n${problems.map((each) => `  - ${each}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}
