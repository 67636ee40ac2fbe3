import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '../state/json-file.js';
import { REPOSITORY } from '../state/places.js';
import { type Children } from '../test-run/children.js';
import { writeReport } from './report.js';

/** What bench/src/visits/main.ts writes. */
interface Figures {
  visits: number;
  took_ms: number;
  rss_before_mb: number;
  parts: { visits: number; seconds: number; rss_mb: number }[];
  /** of each run */
  events: number[];
  failures: string[];
}

/** One execution of so many visits on the running system, and its report. @returns whether it stayed flat */
export async function runVisits(
  { visits, home, env }: { visits: number; home: string; env: NodeJS.ProcessEnv },
  children: Children,
): Promise<boolean> {
  const file = join(home, 'visits.json');
  rmSync(file, { force: true });
  const main = join(REPOSITORY, 'bench/dist/visits/main.js');
  const { code } = await children.run(process.execPath, [main, String(visits), file], { cwd: REPOSITORY, env });
  const figures = readJson(file) as Figures | undefined;
  if (figures) writeReport('visits', reportOf(figures));
  return code === 0;
}

const reportOf = ({ visits, took_ms, rss_before_mb, parts, events, failures }: Figures) => ({
  title: 'One execution of many visits',
  command: `npm run campaign -- visits --visits ${String(visits)}`,
  duration_ms: took_ms,
  says:
    failures.length === 0
      ? 'A loop over one local function node, on the whole system: the memory of its worker and the histories of its runs do not grow with it.'
      : 'It failed.',
  facts: [
    ['visits', String(visits)],
    ['visits a second', String(Math.round((1000 * visits) / took_ms))],
    ['runs', String(events.length)],
    ['events of its shortest and longest run', `${String(Math.min(...events))}, ${String(Math.max(...events))}`],
    ['memory of the worker before', `${String(rss_before_mb)} MB`],
  ] as [string, string][],
  counted: 'The execution worker as it goes',
  unit: 'resident memory',
  counts: Object.fromEntries(
    parts.map(({ visits: done, seconds, rss_mb }) => [
      `${String(done)} visits, ${String(seconds)} s`,
      `${String(rss_mb)} MB`,
    ]),
  ),
  failures,
});
