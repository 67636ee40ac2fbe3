import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@aumos/agf-testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { REPOSITORY } from '../src/state/places.js';

const LOCK = join(REPOSITORY, 'scripts/lock.mjs');
const folder = mkdtempSync(join(tmpdir(), 'agf lock '));
const file = join(folder, 'some.lock');
const children: ChildProcess[] = [];

/** Takes the lock, says so, and lets it go when its input ends. */
const SCRIPT = `
  const { lock } = await import(process.argv[1]);
  const release = await lock(process.argv[2], (pid) => console.log('waits for ' + pid));
  console.log('holds');
  process.stdin.on('end', () => { release(); process.exit(); }).resume();`;

function contender(): { child: ChildProcess; said: () => string } {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, LOCK, file]);
  children.push(child);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, said: () => text };
}
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe("the launcher's lock", () => {
  it('lets one in at a time, and tells the other whom it waits for', async () => {
    const first = contender();
    await eventually(() => first.said().includes('holds'));
    const second = contender();
    await eventually(() => second.said().includes(`waits for ${String(first.child.pid)}`));
    expect(second.said()).not.toContain('holds');
    first.child.stdin?.end();
    await eventually(() => second.said().includes('holds'));
    second.child.stdin?.end();
    await eventually(() => !existsSync(file));
  });

  it('is not held by one that was killed, nor by a stranger with its number', async () => {
    const first = contender();
    await eventually(() => first.said().includes('holds'));
    first.child.kill('SIGKILL');
    const second = contender();
    await eventually(() => second.said().includes('holds'));
    second.child.kill('SIGKILL');
    writeFileSync(file, `${String(process.pid)}\nanother life`);
    const third = contender();
    await eventually(() => third.said().includes('holds'));
    expect(readFileSync(file, 'utf8')).toContain(String(third.child.pid));
  });

  it('lets only one of many take over from a dead one', async () => {
    contender();
    await eventually(() => existsSync(file));
    children[0]?.kill('SIGKILL');
    const many = Array.from({ length: 4 }, contender);
    const holders = (): number => many.filter(({ said }) => said().includes('holds')).length;
    await eventually(() => many.every(({ said }) => said()));
    await eventually(() => holders() === 1);
    expect(many.filter(({ said }) => said().includes('waits for')).length).toBeGreaterThanOrEqual(3);
  });
});
