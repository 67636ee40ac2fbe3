import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { eventually } from '@aumos/agf-testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { identify, isAlive, isZombie, parseStat, type ProcessIdentity } from '../src/process/identity.js';
import { signal, terminate } from '../src/process/terminate.js';

const started: ChildProcess[] = [];
async function begin(script: string): Promise<ProcessIdentity> {
  const child = spawn('sh', ['-c', `${script}`], { stdio: ['ignore', 'pipe', 'ignore'] });
  started.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const identity = identify(child.pid ?? 0);
  if (!identity) throw new Error('it ended at once');
  return identity;
}
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

describe('the identity of a process', () => {
  it('reads a stat line whose program has blanks and parentheses', () => {
    const fields = Array.from({ length: 50 }, (_, i) => String(i + 4));
    expect(parseStat(`12 (a) b (c) S ${fields.join(' ')}`)).toEqual({ state: 'S', ticks: '22' });
  });

  it('is the same each time, and differs from another life of the same number', () => {
    const me = identify(process.pid);
    expect(me).toEqual(identify(process.pid));
    expect(isAlive(me)).toBe(true);
    expect(isAlive({ pid: process.pid, born: 'an earlier boot/1' })).toBe(false);
    expect(isAlive(undefined)).toBe(false);
    expect(identify(2 ** 22 + 1)).toBeUndefined();
  });

  it('counts a zombie as ended, while its number is taken', async () => {
    // The shell turns into a sleep, which never takes note of the child that ends.
    const parent = await begin('sh -c "echo $$; exit 0" & echo; exec sleep 60');
    const child = await eventually(() => {
      const children = readFileSync(`/proc/${String(parent.pid)}/task/${String(parent.pid)}/children`, 'utf8').trim();
      return children && isZombie(Number(children)) ? Number(children) : undefined;
    });
    expect(identify(child)).toBeUndefined();
    expect(identify(child, { withZombies: true })?.pid).toBe(child);
    expect(isZombie(parent.pid)).toBe(false);
  });
});

describe('ending a process', () => {
  it('waits for one that ends by itself', async () => {
    const it = await begin('trap "exit 0" TERM; echo; while :; do sleep 0.02; done');
    expect(await terminate(it)).toBe(true);
    expect(isAlive(it)).toBe(false);
  });

  it('kills one that does not listen, after its grace', async () => {
    const it = await begin('trap "" TERM; echo; while :; do sleep 0.02; done');
    expect(await terminate(it, { graceMs: 100 })).toBe(false);
    expect(isAlive(it)).toBe(false);
  });

  it('wakes a stopped one, so that it can end by itself', async () => {
    const it = await begin('trap "exit 0" TERM; echo; while :; do sleep 0.02; done');
    signal(it, 'SIGSTOP');
    expect(await terminate(it)).toBe(true);
  });

  it('leaves a stranger alone that got the number', async () => {
    const it = await begin('echo; exec sleep 60');
    expect(await terminate({ ...it, born: 'before' })).toBe(true);
    signal({ ...it, born: 'before' }, 'SIGKILL');
    expect(isAlive(it)).toBe(true);
  });
});
