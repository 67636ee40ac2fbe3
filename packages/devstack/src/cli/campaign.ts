import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type PartName, PART_NAMES, runGraphs } from '../campaign/graphs.js';
import { addressesOf } from '../services/services.js';
import { writeJson } from '../state/json-file.js';
import { REPOSITORY } from '../state/places.js';
import { System } from '../system/system.js';
import { Children } from '../test-run/children.js';
import { print } from './terminal.js';
import { untilAskedToEnd } from './until-asked-to-end.js';
import { UsageError } from './usage.js';

const HOME = join(REPOSITORY, '.agf/campaign');
/** Graphs of each part. */
const LONG: Record<PartName, number> = { simulation: 20_000, temporal: 2_000, kills: 100 };

const USAGE = `npm run campaign -- graphs [--simulation N] [--temporal N] [--kills N] [--seed N] [--minutes N]

  the property tests of generated graphs in their long form (${PART_NAMES.map((name) => `${String(LONG[name])} ${name}`).join(', ')});
  0 leaves a part out; after its minutes no part begins anything more. Reports go to docs/reports.`;

function sizeOf(text: string, flag: string): number {
  const size = Number(text);
  if (!Number.isSafeInteger(size) || size < 0) throw new UsageError(`--${flag} is no count: ${text}\n\n${USAGE}`);
  return size;
}

/** `npm run campaign`: long forms of what CI runs in short, on services of its own unless AGF_TEST_STACK names some. */
export async function campaign(args: string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { simulation: text, temporal: text, kills: text, seed: text, minutes: text },
  });
  if (positionals.join() !== 'graphs') throw new UsageError(USAGE);
  const sizes = Object.fromEntries(
    PART_NAMES.map((name) => [name, values[name] === undefined ? LONG[name] : sizeOf(values[name], name)]),
  ) as Record<PartName, number>;
  const seed = values.seed === undefined ? undefined : sizeOf(values.seed, 'seed');
  const minutes = values.minutes === undefined ? undefined : sizeOf(values.minutes, 'minutes');
  return withServices(async (env, children) =>
    (await runGraphs({ sizes, seed, minutes, home: HOME, env }, children)) ? 0 : 1,
  );
}

async function withServices(work: (env: NodeJS.ProcessEnv, children: Children) => Promise<number>): Promise<number> {
  mkdirSync(HOME, { recursive: true });
  const system = new System({ dataDir: HOME, report: print });
  const children = new Children();
  const interrupted = untilAskedToEnd().then(() => {
    children.end();
    return 130;
  });
  const given = process.env['AGF_TEST_STACK'];
  const run = async (): Promise<number> => {
    if (given) return work(process.env, children);
    await system.bootServices();
    const stack = join(HOME, 'stack.json');
    writeJson(stack, addressesOf(system.around), 0o600);
    return work({ ...process.env, AGF_TEST_STACK: stack }, children);
  };
  try {
    return await Promise.race([run(), interrupted]);
  } finally {
    if (!given) await system.stop();
  }
}
