import { parseArgs } from 'node:util';

export interface Options {
  /** empty: all */
  names: string[];
  /** file for the entries */
  json?: string;
  quick: boolean;
  /** the other figures instead of the goals */
  engine: boolean;
  /** a missed promise is a failure */
  check: boolean;
}

const USAGE = `npm run bench -- [NAME…] [--json FILE] [--quick] [--check] [--engine]

  NAME…        what to measure; default: every goal
  --json FILE  write the figures, too
  --quick      three short rounds: a first look
  --check      exit code 1 when a goal or a limit is missed
  --engine     the other figures instead of the goals`;

/** The person's mistake. */
export class UsageError extends Error {}

/** @throws UsageError for an unknown option or name */
export function optionsOf(args: string[], known: readonly string[]): Options {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'string' },
        quick: { type: 'boolean' },
        check: { type: 'boolean' },
        engine: { type: 'boolean' },
      },
    });
    const unknown = positionals.filter((name) => !known.includes(name));
    if (unknown.length > 0) throw new Error(`nothing is called ${unknown.join(', ')}`);
    const { json, quick = false, check = false, engine = false } = values;
    return { names: positionals, quick, check, engine, ...(json === undefined ? {} : { json }) };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}\n\nnames:\n  ${known.join('\n  ')}`);
  }
}
