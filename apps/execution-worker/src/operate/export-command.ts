import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Installation } from './installation.js';
import { type Io, UsageError } from './usage.js';
import { asked, historiesOf } from './which-histories.js';

/** A file a run. They hold the tenants' data: for their owner's eyes alone. @returns whether there was any */
export async function exportCommand(args: string[], installation: Installation, io: Io): Promise<boolean> {
  const { positionals, json, exported } = asked(args);
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0 || exported === null)
    throw new UsageError('name one folder, and executions or --newest');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let written = 0;
  for await (const history of historiesOf(installation, exported)) {
    const path = join(folder, `${history.workflow_id.replaceAll('/', '.')}.${history.run_id}.json`);
    await writeFile(path, JSON.stringify(history), { mode: 0o600 });
    written++;
    io.print(json ? JSON.stringify({ path }) : path);
  }
  return written > 0;
}
