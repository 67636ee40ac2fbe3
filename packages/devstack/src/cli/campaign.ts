import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runBreakerRules } from '../campaign/breaker-rules.js';
import { runBreakers } from '../campaign/breakers.js';
import { runDecisions } from '../campaign/decisions.js';
import { type GraphsRun, type PartName, PART_NAMES, runGraphs } from '../campaign/graphs.js';
import { runVisits } from '../campaign/visits.js';
import { REPOSITORY } from '../state/places.js';
import { System } from '../system/system.js';
import { Children } from '../test-run/children.js';
import { addressesAt, BENCH_HANDLERS } from './bench.js';
import { print } from './terminal.js';
import { untilAskedToEnd } from './until-asked-to-end.js';
import { UsageError } from './usage.js';

const HOME = join(REPOSITORY, '.agf/campaign');
/** Graphs of each part. */
const LONG: Record<PartName, number> = { simulation: 20_000, temporal: 2_000, kills: 100 };

const VISITS = 100_000;
const BREAKER_SEEDS = 200;
const BREAKER_SEQUENCES = 1_000_000;
const DECISIONS = 500;

const USAGE = `npm run campaign -- graphs [--simulation N] [--temporal N] [--kills N] [--seed N] [--minutes N]
npm run campaign -- visits [--visits N]
npm run campaign -- breaker-rules [N] [--seed N] [--minutes N]
npm run campaign -- breakers [N] [--seed N]
npm run campaign -- decisions [N]

  graphs: the property tests of generated graphs in their long form (${PART_NAMES.map((name) => `${String(LONG[name])} ${name}`).join(', ')});
  0 leaves a part out; after its minutes no part begins anything more
  visits: one execution of ${String(VISITS)} visits of a local node
  breakers: breakers under faults of Redis and of their monitors, ${String(BREAKER_SEEDS)} seeds
  breaker-rules: ${String(BREAKER_SEQUENCES)} generated command sequences against the rules of breakers and their Lua
  decisions: ${String(DECISIONS)} rounds of people who decide at once, and as many executions of each point where a process is killed

  Reports go to docs/reports.`;

function countOf(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 0) throw new UsageError(`--${flag} is no count: ${text}\n\n${USAGE}`);
  return count;
}

/** `npm run campaign`: long forms of what CI runs in short, on services of its own unless AGF_TEST_STACK names some. */
export async function campaign(args: string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { simulation: text, temporal: text, kills: text, seed: text, minutes: text, visits: text },
  });
  const count = (flag: keyof typeof values): number | undefined => countOf(values[flag], flag);
  const [name, ...more] = positionals;
  mkdirSync(HOME, { recursive: true });
  if (name === 'visits' && more.length === 0) return visits(count('visits') ?? VISITS);
  if (name === 'breakers' && more.length <= 1) {
    const [seeds, seed] = [countOf(more[0], 'breakers') ?? BREAKER_SEEDS, count('seed')];
    return withServices((env, children) => runBreakers({ seeds, seed, home: HOME, env }, children));
  }
  if (name === 'breaker-rules' && more.length <= 1) {
    const sequences = countOf(more[0], 'sequences') ?? BREAKER_SEQUENCES;
    const [seed, minutes] = [count('seed'), count('minutes')];
    return withServices((env, children) => runBreakerRules({ sequences, seed, minutes, home: HOME, env }, children));
  }
  if (name === 'decisions' && more.length <= 1) {
    const each = countOf(more[0], 'decisions') ?? DECISIONS;
    return withServices((env, children) => runDecisions({ each, home: HOME, env }, children));
  }
  if (name !== 'graphs' || more.length > 0) throw new UsageError(USAGE);
  const sizes = Object.fromEntries(PART_NAMES.map((part) => [part, count(part) ?? LONG[part]])) as GraphsRun['sizes'];
  const [seed, minutes] = [count('seed'), count('minutes')];
  return withServices((env, children) => runGraphs({ sizes, seed, minutes, home: HOME, env }, children));
}

type Work = (env: NodeJS.ProcessEnv, children: Children) => Promise<boolean>;

function withServices(work: Work): Promise<number> {
  if (process.env['AGF_TEST_STACK']) return untilDone(work);
  const system = new System({ dataDir: HOME, report: print });
  return untilDone(async (env, children) => {
    await system.bootServices();
    return work({ ...env, ...addressesAt(HOME, system) }, children);
  }, system);
}

function visits(count: number): Promise<number> {
  const system = new System({ dataDir: HOME, report: print, env: BENCH_HANDLERS });
  return untilDone(async (env, children) => {
    await system.boot();
    return runVisits({ visits: count, home: HOME, env: { ...env, ...addressesAt(HOME, system) } }, children);
  }, system);
}

/** @returns the exit code */
async function untilDone(work: Work, system?: System): Promise<number> {
  const children = new Children();
  const interrupted = untilAskedToEnd().then(() => {
    children.end();
    return 130;
  });
  try {
    return await Promise.race([work(process.env, children).then((well) => (well ? 0 : 1)), interrupted]);
  } finally {
    await system?.stop();
  }
}
