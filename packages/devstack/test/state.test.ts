import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readJson, writeJson } from '../src/state/json-file.js';
import { HOST, choosePort, PORT_RANGE } from '../src/state/ports.js';
import { Secrets } from '../src/state/secrets.js';
import { State } from '../src/state/state.js';

const folder = mkdtempSync(join(tmpdir(), 'agf devstack '));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
let files = 0;
const file = (): string => join(folder, `${String(files++)}/some.json`);
const occupy = (port: number): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer().listen(port, HOST, () => {
      resolve(server);
    });
  });

describe('a file that is replaced', () => {
  it('holds the value, leaves nothing beside it, and may be absent', () => {
    const name = file();
    expect(readJson(name)).toBeUndefined();
    writeJson(name, { a: 1 }, 0o600);
    writeJson(name, { a: 2 }, 0o600);
    expect(readJson(name)).toEqual({ a: 2 });
    expect(readdirSync(join(name, '..'))).toEqual(['some.json']);
    expect(statSync(name).mode & 0o777).toBe(0o600);
  });
});

describe('ports', () => {
  it('stay below the range of outgoing connections, and are kept by a later start', async () => {
    const name = file();
    const port = await choosePort(new State(name), 'kafka');
    expect(port).toBeGreaterThanOrEqual(PORT_RANGE.first);
    expect(port).toBeLessThanOrEqual(32_767);
    expect(await choosePort(new State(name), 'kafka')).toBe(port);
  });

  it('are chosen anew when a stranger took one', async () => {
    const state = new State(file());
    const port = await choosePort(state, 'kafka');
    const stranger = await occupy(port);
    expect(await choosePort(state, 'kafka', 50)).not.toBe(port);
    stranger.close();
  });

  it('are waited for while a killed process still holds one', async () => {
    const state = new State(file());
    const port = await choosePort(state, 'kafka');
    const ending = await occupy(port);
    const chosen = choosePort(state, 'kafka');
    ending.close();
    expect(await chosen).toBe(port);
  });

  it('are never given twice', async () => {
    const state = new State(file());
    const names = Array.from({ length: 50 }, (_, i) => `port ${String(i)}`);
    for (const name of names) await choosePort(state, name);
    expect(new Set(Object.values(state.ports)).size).toBe(names.length);
  });
});

describe('what is remembered', () => {
  it('is there for a later start, and tells of each process', () => {
    const name = file();
    const state = new State(name);
    let told = 0;
    state.onProcess = () => told++;
    state.setProcess('redis', { pid: 7, born: 'x' });
    state.setContainer('kafka', true);
    expect(told).toBe(1);
    expect(new State(name).process('redis')).toEqual({ pid: 7, born: 'x' });
    expect(new State(name).containers).toEqual(['kafka']);
    state.setProcess('redis', undefined);
    state.setContainer('kafka', false);
    expect(new State(name).processes).toEqual({});
    expect(new State(name).containers).toEqual([]);
  });
});

describe('secrets', () => {
  it('are made once, differ, and belong to their owner alone', () => {
    const name = file();
    const first = new Secrets(name).password('a');
    expect(new Secrets(name).password('a')).toBe(first);
    expect(new Secrets(name).password('b')).not.toBe(first);
    expect(Buffer.from(new Secrets(name).key('k'), 'base64')).toHaveLength(32);
    expect(encodeURIComponent(first)).toBe(first);
    expect(statSync(name).mode & 0o777).toBe(0o600);
  });
});
