import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Places } from '../state/places.js';
import { System } from '../system/system.js';
import { print, progressLine } from './terminal.js';
import { untilAskedToEnd } from './until-asked-to-end.js';

/** What the daemon tells the command that started it. */
type Message = { line: string } | 'ready';

const CLI = fileURLToPath(new URL('../cli.js', import.meta.url));

/** Starts a supervisor that outlives this process. @returns once everything is ready; @throws when it ends before */
export async function startDaemon(places: Places): Promise<void> {
  mkdirSync(places.logs, { recursive: true });
  const file = join(places.logs, 'supervisor.log');
  const log = openSync(file, 'a');
  const child = spawn(process.execPath, [CLI, 'supervise'], {
    cwd: places.repository,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const giveUp = (): void => void child.kill('SIGTERM');
  process.on('SIGINT', giveUp).on('SIGTERM', giveUp);
  await new Promise<void>((resolve, reject) => {
    child.on('message', (message: Message) => {
      if (message === 'ready') resolve();
      else console.log(message.line);
    });
    child.once('error', reject);
    child.once('exit', () => {
      reject(new Error(`the supervisor ended, see ${file}`));
    });
  });
  process.off('SIGINT', giveUp).off('SIGTERM', giveUp);
  child.removeAllListeners('exit');
  child.disconnect();
  child.unref();
}

/** The daemon itself. */
export async function supervise(): Promise<number> {
  const tell = (message: Message): void => {
    if (process.connected) process.send?.(message);
  };
  const system = new System({
    report: (part, text) => {
      print(part, text);
      tell({ line: progressLine(part, text) });
    },
  });
  const end = untilAskedToEnd();
  try {
    await Promise.race([system.boot(), end]);
    tell('ready');
    await end;
  } catch (error) {
    tell({ line: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    await system.stop();
  }
  return 0;
}
