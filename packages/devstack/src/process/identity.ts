import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One life of a process: a number alone may be somebody else's by now. */
export interface ProcessIdentity {
  pid: number;
  /** when it began: machine boot and clock ticks on Linux, the start time elsewhere */
  born: string;
}

const read = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

interface Stat {
  state: string;
  ticks: string;
}

/** Fields 3 and 22 of /proc/<pid>/stat; the name before them may hold blanks and parentheses. */
export function parseStat(stat: string): Stat {
  const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
  return { state: fields[0] ?? '?', ticks: fields[19] ?? '' };
}

/** @returns undefined when there is no such process; a zombie counts as none unless `withZombies` */
export function identify(pid: number, { withZombies = false } = {}): ProcessIdentity | undefined {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
    const line = stdout.trim();
    return !line || (!withZombies && line.startsWith('Z')) ? undefined : { pid, born: line.replace(/^\S+\s+/, '') };
  }
  const stat = read(`/proc/${String(pid)}/stat`);
  if (stat === undefined) return undefined;
  const { state, ticks } = parseStat(stat);
  if (!withZombies && state === 'Z') return undefined;
  return { pid, born: `${read('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}/${ticks}` };
}

/** A killed process whose parent has not taken note yet: it runs no more, but its number is still taken. */
export const isZombie = (pid: number): boolean => !identify(pid) && identify(pid, { withZombies: true }) !== undefined;

export const isAlive = (process: ProcessIdentity | undefined): process is ProcessIdentity =>
  process !== undefined && identify(process.pid)?.born === process.born;
