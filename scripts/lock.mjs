import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Tells one life of a process from another that got the same number. */
const bornAt = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop().split(' ')[19];
  } catch {
    if (process.platform === 'linux') return undefined;
    try {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    } catch {
      return undefined;
    }
  }
};

const holderOf = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

const isAlive = (holder) => {
  const [pid, born] = holder.split('\n');
  return born !== undefined && bornAt(pid) === born;
};

/**
 * Waits until this process holds `file`, and gives the function that lets it go. A holder that was killed holds nothing.
 * @param {string} file
 * @param {(pid: string) => void} onWait called once when somebody else holds it
 * @returns {Promise<() => void>}
 */
export async function lock(file, onWait) {
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, `${process.pid}\n${bornAt(process.pid)}`);
  for (let told = false; ;) {
    try {
      linkSync(mine, file);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = holderOf(file);
    if (holder !== undefined && !isAlive(holder)) discard(file, holder, `${mine}.stale`);
    else {
      if (!told && holder) onWait(holder.split('\n')[0]);
      told = true;
      await sleep(100);
    }
  }
  rmSync(mine);
  return () => rmSync(file, { force: true });
}

/** Moves a dead holder's file away; puts it back when somebody was quicker and it is a living one's by now. */
function discard(file, holder, aside) {
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (holderOf(aside) !== holder) {
    try {
      linkSync(aside, file);
    } catch {
      // a third one took it meanwhile
    }
  }
  rmSync(aside, { force: true });
}
