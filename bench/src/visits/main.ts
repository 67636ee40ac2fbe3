/**
 * One execution of many visits of a local node on the running system: `main.js VISITS FILE`. Prints what its worker
 * holds as it grows; writes the same to the file. The exit code is 1 when memory or histories grow with it.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlatformRuns } from '../local/platform-runs.js';
import { localSystem } from '../system/local.js';
import { loopOf } from './loop.js';
import { Runs } from './runs.js';

const PARTS = 5;
const LOOK_MS = 500;
/** Of a first fifth to the last: garbage is collected when it suits. */
const GROWTH = 1.5;

interface Part {
  visits: number;
  seconds: number;
  /** of the execution worker, resident */
  rss_mb: number;
}

const visits = Number(process.argv[2]);
const file = process.argv[3] ?? '';

const rssMb = (): number => {
  const pid = String(localSystem().apps['execution-worker'].pid);
  return Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', pid], { encoding: 'utf8' })) / 1024);
};

const platform = await PlatformRuns.open();
const runs = await Runs.connect();
const workflow = await platform.publish((name) => loopOf(visits, name));
const before = rssMb();
console.log(`an execution of ${String(visits)} visits; the worker has ${String(before)} MB`);
const began = Date.now();
const id = await platform.start(workflow, { visits });

const parts: Part[] = [];
let [ended] = await platform.database.ended([id]);
while (!ended) {
  await sleep(LOOK_MS);
  [ended] = await platform.database.ended([id]);
  const done = ended ? visits : await platform.database.visits(id);
  if (done < (visits / PARTS) * (parts.length + 1) && !ended) continue;
  const part = { visits: done, seconds: Math.round((Date.now() - began) / 100) / 10, rss_mb: rssMb() };
  parts.push(part);
  const share = Math.round((100 * done) / visits);
  console.log(`${String(share)} %: ${String(done)} visits in ${String(part.seconds)} s, ${String(part.rss_mb)} MB`);
}

const recorded = await platform.database.visits(id);
// Its list of runs follows what it does by a moment.
await sleep(2_000);
const events = await runs.events(id);
await runs.close();
await platform.close();
const [first, last] = [parts[0], parts.at(-1)];
const failures = [
  ...(ended.status === 'completed' && ended.output === visits
    ? []
    : [`it ended ${ended.status} with ${JSON.stringify(ended.output)} ${JSON.stringify(ended.error)}`]),
  ...(recorded === visits ? [] : [`${String(recorded)} visits are journalled`]),
  ...(first && last && last.rss_mb > first.rss_mb * GROWTH ? ['the memory of the worker grew'] : []),
  ...(Math.max(...events) > (events[0] ?? 0) * GROWTH ? ['the histories of its runs grew'] : []),
];
const told = `${String(events.length)} runs of ${String(Math.min(...events))} to ${String(Math.max(...events))} events`;
console.log(`${told}; ${((1000 * visits) / ended.took_ms).toFixed(0)} visits a second`);
for (const failure of failures) console.error(failure);
writeFileSync(file, JSON.stringify({ visits, took_ms: ended.took_ms, rss_before_mb: before, parts, events, failures }));
process.exit(failures.length > 0 ? 1 : 0);
