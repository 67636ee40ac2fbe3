import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { identify, type ProcessIdentity } from './identity.js';

export interface Command {
  program: string;
  args: readonly string[];
  /** default: this process' */
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
}

const LOG_BYTES = 16 * 1024 * 1024;

/** A log that has grown large moves aside once, so the folder stays bounded. */
function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}

/**
 * Starts a process that outlives this one, in a group of its own: a Ctrl-C on the terminal reaches the supervisor alone,
 * which then ends everything in order. Its output goes to `logFile`.
 * @throws when the program cannot be started
 */
export async function launch(command: Command, logFile: string): Promise<ProcessIdentity> {
  const log = openLog(logFile);
  const { program, args, ...options } = command;
  const child = spawn(program, args, { ...options, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  child.unref();
  // Gone already: an identity that is no living process' lets the caller find that out.
  return identify(child.pid ?? 0) ?? { pid: child.pid ?? 0, born: 'ended at once' };
}
