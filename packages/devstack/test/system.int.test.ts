import { spawn } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@aumos/agf-testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { APP_NAMES, type LocalFile, type System, startSystem, testHome } from '../src/index.js';
import { isAlive } from '../src/process/identity.js';
import { stopRunning } from '../src/system/running.js';
import { placesOf } from '../src/state/places.js';
import { State } from '../src/state/state.js';

const HOME = testHome('devstack');
const places = placesOf(HOME);
const INDEX = fileURLToPath(new URL('../dist/index.js', import.meta.url));
const WITHOUT = [...APP_NAMES];
let system: System;

const readLocal = (): LocalFile => JSON.parse(readFileSync(places.local, 'utf8')) as LocalFile;
const answer = async (url: string): Promise<unknown> => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<{ n: number }>('select count(*)::int as n from agf_tenants')).rows[0]?.n;
  } finally {
    await client.end();
  }
};

/** Starts the same system in a process of its own, and kills that process once everything runs. */
async function startAndKillSupervisor(): Promise<void> {
  const script = `
    const { startSystem } = await import(process.argv[1]);
    await startSystem({ dataDir: process.argv[2], without: ${JSON.stringify(WITHOUT)} });
    console.log('ready');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, INDEX, HOME], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', reject);
  });
  child.removeAllListeners('exit');
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

beforeAll(async () => {
  await stopRunning(places, () => undefined);
  rmSync(HOME, { recursive: true, force: true });
  await startAndKillSupervisor();
}, 120_000);
afterAll(async () => {
  await system.stop();
  await stopRunning(places, () => undefined);
}, 60_000);

describe('a system whose supervisor was killed', () => {
  it('is taken over by the next start: its services run on, its addresses stay', async () => {
    const before = { ...new State(places.state).processes };
    const local = readLocal();
    system = await startSystem({ dataDir: HOME, without: WITHOUT });
    const after = new State(places.state).processes;
    for (const name of ['postgres', 'redis', 'kafka', 'temporal']) expect(after[name]).toEqual(before[name]);
    // Of an old build, perhaps: started anew.
    expect(after['issuer']).not.toEqual(before['issuer']);
    expect(isAlive(before['issuer'])).toBe(false);
    expect(readLocal()).toEqual(local);
  }, 60_000);

  it('says where everything is, to its owner alone', () => {
    const local = readLocal();
    expect(Object.keys(local.apps).sort()).toEqual([...APP_NAMES].sort());
    for (const { url } of Object.values(local.apps)) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(local).toMatchObject({
      gateway: local.apps['api-gateway'].url,
      temporal_namespace: 'aumos-agent-framework',
      redis: expect.stringMatching(/^redis:/),
      temporal_ui: expect.stringMatching(/^http:/),
    });
    expect(statSync(places.local).mode & 0o777).toBe(0o600);
    expect(statSync(places.secrets).mode & 0o777).toBe(0o600);
    for (const port of Object.values(new State(places.state).ports)) expect(port).toBeLessThan(32_768);
  });

  it('has its tenants', async () => {
    expect(await answer(readLocal().postgres)).toBe(2);
    expect(await system.token('acme-admin')).toMatch(/^ey/);
  });

  it('starts again what dies, at the same address, with its data', async () => {
    const { postgres } = readLocal();
    const before = new State(places.state).process('postgres');
    system.kill('postgres');
    system.kill('redis');
    await eventually(async () => (await answer(postgres)) === 2 && !isAlive(before));
    await system.serves('redis');
    expect(new State(places.state).process('postgres')).not.toEqual(before);
    expect(readLocal().postgres).toBe(postgres);
  }, 60_000);

  it('leaves down what is stopped on purpose, until it is started', async () => {
    await system.stopPart('redis');
    expect(new State(places.state).process('redis')).toBeUndefined();
    await system.startPart('redis');
    await system.serves('redis');
  });

  it('refuses a second supervisor in the same folder', async () => {
    const child = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const { System } = await import(process.argv[1]); await new System({ dataDir: process.argv[2] }).boot();`,
        INDEX,
        HOME,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await new Promise((resolve) => child.once('close', resolve));
    expect(text).toContain('runs a system in');
    await system.serves('postgres');
  });

  it('ends everything it started, and nothing else', async () => {
    const processes = Object.values(new State(places.state).processes);
    expect(processes.length).toBeGreaterThanOrEqual(5);
    await system.stop();
    expect(processes.filter(isAlive)).toEqual([]);
    expect(new State(places.state).processes).toEqual({});
    expect(readFileSync(join(places.logs, 'postgres.log'), 'utf8')).toContain('database system is shut down');
  }, 60_000);
});
