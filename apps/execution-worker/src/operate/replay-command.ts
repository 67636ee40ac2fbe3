import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type HistoryFile, parseHistory, replayHistories, type ReplayReport } from '@aumos/agf-engine/replay';
import type { Installation } from './installation.js';
import { type Io, UsageError } from './usage.js';
import { asked, historiesOf } from './which-histories.js';

/** So many are held at once. */
const AT_ONCE = 50;

/** @returns whether all of them replay; none at all is a mistake */
export async function replayCommand(args: string[], installation: Installation, io: Io): Promise<boolean> {
  const { positionals, json, exported } = asked(args);
  if (positionals.length > 0 === (exported !== null))
    throw new UsageError('name files, or executions, or ask for the newest');
  const histories = exported ? historiesOf(installation, exported) : filesOf(positionals);
  let [replayed, failed] = [0, 0];
  for await (const some of inPortions(histories))
    for await (const report of replayHistories(some)) {
      replayed++;
      if (report.error !== null) failed++;
      io.print(json ? JSON.stringify(report) : lineOf(report));
    }
  if (replayed === 0) throw new UsageError('there are no histories');
  if (!json) io.print(`${String(replayed - failed)} replay, ${String(failed)} do not`);
  return failed === 0;
}

const lineOf = ({ workflow_id, run_id, workflow_type, error }: ReplayReport): string =>
  `${error === null ? 'ok    ' : 'FAILED'}  ${workflow_type.padEnd(16)}  ${workflow_id}  ${run_id}${error === null ? '' : `\n        ${error}`}`;

async function* inPortions(histories: AsyncIterable<HistoryFile>): AsyncGenerator<HistoryFile[]> {
  let portion: HistoryFile[] = [];
  for await (const history of histories) {
    portion.push(history);
    if (portion.length < AT_ONCE) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}

/** Of a folder, the JSON files that are directly in it. */
async function* filesOf(paths: readonly string[]): AsyncGenerator<HistoryFile> {
  for (const path of paths) {
    const found = await stat(path).catch(() => {
      throw new UsageError(`there is no ${path}`);
    });
    const files = found.isDirectory()
      ? (await readdir(path))
          .filter((name) => name.endsWith('.json'))
          .sort()
          .map((name) => join(path, name))
      : [path];
    for (const file of files) yield parseHistory(await readFile(file, 'utf8'), basename(file, '.json'));
  }
}
