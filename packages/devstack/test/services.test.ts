import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addressOf } from '../src/services/given.js';
import { SERVICE_NAMES, type Surroundings } from '../src/services/service.js';
import { findService } from '../src/services/services.js';
import { isAtLeast, versionIn } from '../src/services/version.js';
import { placesOf } from '../src/state/places.js';
import { Secrets } from '../src/state/secrets.js';
import { State } from '../src/state/state.js';

describe('addresses that a person gives', () => {
  it.each([
    ['postgresql://a:b@db.example/x', { host: 'db.example', port: 5432 }],
    ['postgres://a:b@127.0.0.1:6000/x', { host: '127.0.0.1', port: 6000 }],
    ['redis://cache', { host: 'cache', port: 6379 }],
    ['one:9092,two:9092', { host: 'one', port: 9092 }],
  ])('%s', (text, address) => {
    expect(addressOf(text)).toEqual(address);
  });

  it('must name a port where none is usual', () => {
    expect(() => addressOf('one')).toThrow('names no host and port');
  });
});

describe('versions', () => {
  it('are read from what programs print', () => {
    expect(versionIn('postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)')).toEqual([15, 18]);
    expect(versionIn('openjdk version "17.0.15" 2025-04-15')).toEqual([17, 0, 15]);
    expect(versionIn('nothing')).toEqual([0]);
  });

  it('are compared by number, part by part', () => {
    expect(isAtLeast([10, 0], [9, 6])).toBe(true);
    expect(isAtLeast([3, 7], [3, 7])).toBe(true);
    expect(isAtLeast([3], [3, 7])).toBe(false);
    expect(isAtLeast([2, 9], [3, 7])).toBe(false);
  });
});

describe('a machine that has nothing', () => {
  const before = { ...process.env };
  let around: Surroundings;
  beforeEach(() => {
    const home = mkdtempSync(join(tmpdir(), 'agf-'));
    process.env['PATH'] = home;
    process.env['AGF_SERVICE_WAYS'] = 'registry,compose';
    process.env['AGF_CACHE_DIR'] = join(home, 'cache');
    const places = placesOf(home);
    around = { places, state: new State(places.state), secrets: new Secrets(places.secrets), report: () => undefined };
  });
  afterEach(() => {
    rmSync(around.places.home, { recursive: true });
    process.env = { ...before };
  });

  it.each(SERVICE_NAMES)('is told every way to %s, and why it is none', async (name) => {
    const error = await findService(name, around).then(
      () => undefined,
      (reason: unknown) => String(reason),
    );
    expect(error).toContain(`${name}: there is no way to run it here`);
    for (const way of ['a running one: AGF_', 'installed: ', 'registry: ', 'containers: docker is not on the PATH'])
      expect(error).toContain(way);
  });

  it('uses the server that is named, and says when it does not answer', async () => {
    process.env['AGF_REDIS_URL'] = 'redis://127.0.0.1:9';
    const redis = await findService('redis', around);
    expect(redis.title).toBe('given by AGF_REDIS_URL');
    await expect(redis.up(new AbortController().signal)).rejects.toThrow('does not answer');
  });
});
