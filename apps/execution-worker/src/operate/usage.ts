/** The person's mistake: told in its own words. */
export class UsageError extends Error {}

/** Where a command reads and writes. */
export interface Io {
  env: Readonly<Record<string, string | undefined>>;
  print(line: string): void;
  complain(line: string): void;
}
