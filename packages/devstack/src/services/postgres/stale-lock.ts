import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isZombie } from '../../process/identity.js';

const lockedBy = (file: string): number => {
  try {
    return Number(readFileSync(file, 'utf8').split('\n')[0]);
  } catch {
    return 0;
  }
};

/**
 * After a kill -9 the old server can stay a zombie until process 1 takes note (in a container without an init: for ever),
 * and PostgreSQL takes any existing process number in its lock file for a running server. So the lock of a zombie goes.
 */
export async function dropStaleLock(dataFolder: string): Promise<void> {
  const file = join(dataFolder, 'postmaster.pid');
  const pid = lockedBy(file);
  for (let i = 0; pid && isZombie(pid) && i < 25; i++) await sleep(20);
  if (pid && isZombie(pid)) rmSync(file, { force: true });
}
