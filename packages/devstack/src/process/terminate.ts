import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from './identity.js';

const LOOK_EVERY_MS = 20;

async function gone(process: ProcessIdentity, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(LOOK_EVERY_MS))
    if (!isAlive(process)) return true;
  return !isAlive(process);
}

/** Signals that process alone, and only while it is the one that was started; someone else's with the same number stays untouched. */
export function signal(target: ProcessIdentity | undefined, name: NodeJS.Signals): void {
  if (!isAlive(target)) return;
  try {
    process.kill(target.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Asks it to end, waits `graceMs`, then makes it.
 * @returns whether it ended by itself
 */
export async function terminate(
  process: ProcessIdentity | undefined,
  { politely = 'SIGTERM', graceMs = 15_000 }: { politely?: NodeJS.Signals; graceMs?: number } = {},
): Promise<boolean> {
  if (!isAlive(process)) return true;
  // A stopped process would take note of nothing.
  signal(process, 'SIGCONT');
  signal(process, politely);
  if (await gone(process, graceMs)) return true;
  signal(process, 'SIGKILL');
  await gone(process, 5_000);
  return false;
}
