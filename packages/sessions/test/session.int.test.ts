import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type Json } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { type AgentSession } from '../src/index.js';
import { AGENT, keysOf, refusal, sessions, useRedis } from './support.js';

describe('a session', () => {
  const world = useRedis();
  const open = (more: Parameters<typeof sessions>[1] = {}, session: string = randomUUID()): AgentSession =>
    sessions(world.redis, more).open({ tenant: world.tenant, agent: AGENT, session });
  const key = (session: string): string => `{agf:${world.tenant}}:session:private:${AGENT}:${session}`;
  const index = (): string => `{agf:${world.tenant}}:session:of:${AGENT}`;

  it.each<[string, Json]>([
    ['null', null],
    ['texts', 'Grüße 🎉 \u2028 "\\'],
    ['an empty list', []],
    ['an empty object', {}],
    ['lists in lists', [[], [[]], {}, [1, [2]]]],
    ['a long list', Array.from({ length: 100 }, (_, i) => ({ i, text: 'ä\n:' }))],
    ['large and small numbers', { a: 2 ** 53 + 2, b: 1e308, c: -5e-324, d: Number('12345678901234567890'), e: 0.1 }],
    ['what Lua would change', { a: [], b: {}, c: [null, null], d: 1e15, e: '' }],
  ])('gives back %s as it was', async (_, value) => {
    const session = open();
    expect(await session.get('x')).toBeNull();
    const version = await session.set('x', value);
    expect(await session.get('x')).toEqual({ value, version });
    expect(await session.entries()).toEqual(new Map([['x', { value, version }]]));
  });

  it('gives versions that grow, and never one again', async () => {
    const id = randomUUID();
    const session = open({}, id);
    const versions = [await session.set('a', 1), await session.set('b', 1), await session.set('a', 1)];
    versions.push((await session.merge('a', { x: 1 })).version, (await session.append('l', [1])).version);
    await session.clear();
    versions.push(await session.set('a', 2));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(new Set(versions).size).toBe(versions.length);
  });

  it('compares by version and sets', async () => {
    const session = open();
    const made = await session.compareAndSet('x', 1, null);
    expect(made).toMatchObject({ kind: 'set' });
    const version = (await session.get('x'))!.version;
    expect(await session.compareAndSet('x', 9, null)).toEqual({ kind: 'conflict', current: { value: 1, version } });
    expect(await session.compareAndSet('x', 9, version - 1)).toMatchObject({ kind: 'conflict' });
    expect(await session.compareAndSet('y', 9, version)).toEqual({ kind: 'conflict', current: null });
    expect(await session.compareAndSet('x', 2, version)).toMatchObject({ kind: 'set' });
    expect((await session.get('x'))!.value).toBe(2);
    await session.delete('x');
    await session.set('x', 1);
    expect(await session.compareAndSet('x', 3, version)).toMatchObject({ kind: 'conflict' });
  });

  it('merges deeply, also into nothing and into what is no object', async () => {
    const session = open();
    expect((await session.merge('x', { a: { b: 1, gone: null }, l: [1] })).value).toEqual({ a: { b: 1 }, l: [1] });
    const { value, version } = await session.merge('x', { a: { b: null, c: { d: 2 } }, l: [2] });
    expect(value).toEqual({ a: { c: { d: 2 } }, l: [2] });
    expect(await session.get('x')).toEqual({ value, version });
    await session.set('y', [1, 2]);
    expect((await session.merge('y', { toString: 1 })).value).toEqual({ toString: 1 });
  });

  it('appends, to a list that was set as well, and keeps the newest', async () => {
    const session = open();
    expect(await session.append('l', ['a'])).toMatchObject({ items: 1 });
    expect(await session.append('l', ['b', []])).toMatchObject({ items: 3 });
    expect((await session.get('l'))!.value).toEqual(['a', 'b', []]);
    expect(await session.append('l', [1, 2], { cap: 3 })).toMatchObject({ items: 3 });
    expect((await session.get('l'))!.value).toEqual([[], 1, 2]);
    expect(await session.append('l', [3], { cap: 9 })).toMatchObject({ items: 4 });
    expect((await session.get('l'))!.value).toEqual([[], 1, 2, 3]);
    const long = Array.from({ length: 100 }, (_, i) => i);
    await session.set('l', long);
    for (let i = 100; i < 150; i++) {
      await session.append('l', [i], { cap: 90 });
      const end = long.push(i);
      expect((await session.get('l'))!.value).toEqual(long.slice(end - 90, end));
    }
    expect(await session.append('l', long, { cap: 2 })).toMatchObject({ items: 2 });
    expect((await session.get('l'))!.value).toEqual([148, 149]);
    await session.set('t', 'text');
    expect(await refusal(session.append('t', [1]))).toMatchObject({ code: 'INVALID_STATE' });
    for (const cap of [0, -1, 1.5, NaN])
      expect(await refusal(session.append('l', [1], { cap }))).toMatchObject({ code: 'VALIDATION_ERROR' });
    expect(await refusal(session.append('l', []))).toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  it('appends what is named once, as long as the list holds it', async () => {
    const session = open();
    const first = await session.append('l', ['a', 'b'], { once: 'e/n/1' });
    await session.append('l', ['@', '\n2@x:'], { once: 'e/n/2' });
    expect(await session.append('l', ['a', 'b'], { once: 'e/n/1' })).toMatchObject({ items: 4 });
    expect((await session.get('l'))!.value).toEqual(['a', 'b', '@', '\n2@x:']);
    expect(await session.append('l', ['a', 'b'])).toMatchObject({ items: 6 });
    expect((await session.append('l', ['c'], { cap: 1, once: 'e/n/3' })).version).toBeGreaterThan(first.version);
    expect(await session.append('l', ['c'], { cap: 1, once: 'e/n/3' })).toMatchObject({ items: 1 });
    expect((await session.get('l'))!.value).toEqual(['c']);
    expect(await session.append('l', ['a', 'b'], { cap: 3, once: 'e/n/1' })).toMatchObject({ items: 3 });
  });

  it('deletes a value, and is none without its last one', async () => {
    const id = randomUUID();
    const session = open({}, id);
    await session.set('a', 1);
    await session.set('b', 1);
    expect(await session.delete('c')).toBe(false);
    expect(await session.delete('a')).toBe(true);
    expect([...(await session.entries()).keys()]).toEqual(['b']);
    expect(await session.delete('b')).toBe(true);
    expect(await world.redis.exists(key(id))).toBe(0);
    expect(await world.redis.zscore(index(), `private:${AGENT}:${id}`)).toBeNull();
    await session.set('a', 1);
    expect(await session.clear()).toBe(true);
    expect(await session.clear()).toBe(false);
    expect(await world.redis.exists(key(id))).toBe(0);
    expect(await session.delete('a')).toBe(false);
    expect(await world.redis.exists(key(id))).toBe(0);
  });

  it('knows its bytes exactly', async () => {
    const id = randomUUID();
    const session = open({}, id);
    await session.set('a', 'x'.repeat(1000));
    await session.set('ä', [1, 2, 3]);
    await session.append('ä', [4]);
    await session.merge('m', { a: { b: 1 } });
    await session.set('a', 'y');
    await session.set('gone', 1);
    await session.delete('gone');
    const all = await world.redis.hgetall(key(id));
    const values = Object.entries(all).filter(([field]) => field.startsWith('k:'));
    const bytes = values.reduce((sum, [field, value]) => sum + Buffer.byteLength(field + value), 0);
    expect(Number(all['#b'])).toBe(bytes);
  });

  it.each<[string, (session: AgentSession) => Promise<unknown>]>([
    ['get', (session) => session.get('a')],
    ['get of what is not there', (session) => session.get('nothing')],
    ['entries', (session) => session.entries()],
    ['set', (session) => session.set('a', 1)],
    ['compareAndSet', (session) => session.compareAndSet('a', 1, 7)],
    ['merge', (session) => session.merge('a', {})],
    ['append', (session) => session.append('l', [1])],
    ['delete', (session) => session.delete('nothing')],
  ])('lasts its whole time again after %s', async (_, use) => {
    const id = randomUUID();
    const session = open({}, id);
    await session.set('a', 1);
    await world.redis.pexpire(key(id), 5_000);
    await world.redis.zadd(index(), Date.now() + 5_000, `private:${AGENT}:${id}`);
    await use(session);
    expect(await world.redis.pttl(key(id))).toBeGreaterThan(590_000);
    const end = Number(await world.redis.zscore(index(), `private:${AGENT}:${id}`));
    expect(end - Date.now()).toBeGreaterThan(590_000);
    expect(await world.redis.pttl(index())).toBeGreaterThan(590_000);
  });

  it('ends when it is not used', async () => {
    const agent = randomUUID();
    const all = sessions(world.redis, { ttlSeconds: 1 });
    const session = all.open({ tenant: world.tenant, agent, session: 's' });
    await session.set('a', 1);
    const left = async (): Promise<string[]> =>
      (await keysOf(world.redis, world.tenant)).filter((each) => each.includes(agent));
    expect(await left()).toHaveLength(2);
    await eventually(async () => (await left()).length === 0);
    expect(await session.get('a')).toBeNull();
    expect(await all.list({ tenant: world.tenant, agent }, { page: 1, page_size: 1 })).toEqual({ total: 0, items: [] });
  });

  it('reads many at once, of many sessions', async () => {
    const many = Array.from({ length: 150 }, (_, i) => ({ i, session: open({}, `many-${String(i)}`) }));
    const one = sessions(world.redis);
    await Promise.all(many.map(({ i, session }) => session.set('n', i)));
    const read = await Promise.all(
      many.map(({ i }) => one.open({ tenant: world.tenant, agent: AGENT, session: `many-${String(i)}` }).get('n')),
    );
    expect(read.map((entry) => entry?.value)).toEqual(many.map(({ i }) => i));
  });

  it('survives scripts being forgotten', async () => {
    const session = open();
    await session.set('a', 1);
    await world.redis.script('FLUSH');
    expect((await session.get('a'))!.value).toBe(1);
    await session.set('a', 2);
    expect((await session.get('a'))!.value).toBe(2);
  });

  describe('has limits, and a refused change changes nothing', () => {
    const refused = async (session: AgentSession, limit: string, change: () => Promise<unknown>): Promise<void> => {
      const before = await session.entries();
      expect(await refusal(change())).toMatchObject({ code: 'SESSION_LIMIT', details: { limit } });
      expect(await session.entries()).toEqual(before);
    };

    it('of a value', async () => {
      const session = open({ limits: { valueBytes: 100 } });
      await session.set('a', 'x'.repeat(97));
      await refused(session, 'value_bytes', () => session.set('a', 'x'.repeat(98)));
      await refused(session, 'value_bytes', () => session.set('a', 'ä'.repeat(49)));
      await refused(session, 'value_bytes', () => session.compareAndSet('b', 'x'.repeat(98), null));
      await session.merge('m', { a: 'x'.repeat(60) });
      await refused(session, 'value_bytes', () => session.merge('m', { b: 'x'.repeat(60) }));
      await session.append('l', ['x'.repeat(60)]);
      await refused(session, 'value_bytes', () => session.append('l', ['x'.repeat(60)]));
      expect(await session.append('l', ['y'.repeat(60)], { cap: 1 })).toMatchObject({ items: 1 });
    });

    it('of a session’s bytes', async () => {
      const session = open({ limits: { sessionBytes: 400 } });
      await session.set('a', 'x'.repeat(200));
      await refused(session, 'session_bytes', () => session.set('b', 'x'.repeat(200)));
      await refused(session, 'session_bytes', () => session.append('b', ['x'.repeat(200)]));
      await session.set('a', 'y'.repeat(300));
      await session.delete('a');
      await session.set('b', 'x'.repeat(300));
    });

    it('of keys', async () => {
      const session = open({ limits: { keys: 2 } });
      await session.set('a', 1);
      await session.set('b', 1);
      await refused(session, 'session_keys', () => session.set('c', 1));
      await refused(session, 'session_keys', () => session.append('c', [1]));
      await session.set('b', 2);
      await session.delete('a');
      await session.set('c', 1);
    });

    it('of an agent’s sessions, where ended ones do not count', async () => {
      const all = sessions(world.redis, { limits: { sessions: 2 } });
      const agent = randomUUID();
      const mine = (session: string): AgentSession => all.open({ tenant: world.tenant, agent, session });
      await mine('a').set('x', 1);
      await mine('b').set('x', 1);
      await refused(mine('c'), 'agent_sessions', () => mine('c').set('x', 1));
      await mine('a').set('y', 1);
      await mine('a').clear();
      await mine('c').set('x', 1);
      const of = `{agf:${world.tenant}}:session:of:${agent}`;
      await world.redis.zadd(of, Date.now() - 1, `private:${agent}:b`);
      await mine('d').set('x', 1);
      expect((await all.list({ tenant: world.tenant, agent }, { page: 1, page_size: 9 })).total).toBe(2);
    });
  });

  it('is listed, shown and removed without being used', async () => {
    const all = sessions(world.redis);
    const of = { tenant: world.tenant, agent: randomUUID() };
    for (const session of ['a', 'b', 'c']) await all.open({ ...of, session }).set('x', session);
    const listed = await all.list(of, { page: 1, page_size: 2 });
    expect(listed.total).toBe(3);
    expect(listed.items).toMatchObject([
      { id: 'c', kind: 'private', execution_id: null, agents: null, keys: 1 },
      { id: 'b' },
    ]);
    expect((await all.list(of, { page: 2, page_size: 2 })).items).toMatchObject([{ id: 'a' }]);
    const first = await all.list(of, { page: 1, page_size: 1, sort_order: 'asc' });
    expect(first.items).toMatchObject([{ id: 'a' }]);
    await world.redis.pexpire(`{agf:${of.tenant}}:session:private:${of.agent}:a`, 5_000);
    const info = await all.info(of, 'a');
    expect(info).toMatchObject({ id: 'a', keys: 1, bytes: first.items[0]!.bytes, version: first.items[0]!.version });
    expect(Math.abs(info!.created_at.getTime() - info!.updated_at.getTime())).toBeLessThan(2_000);
    expect((await all.values(of, 'a')).get('x')!.value).toBe('a');
    expect(await world.redis.pttl(`{agf:${of.tenant}}:session:private:${of.agent}:a`)).toBeLessThanOrEqual(5_000);
    expect(await all.info(of, 'z')).toBeNull();
    expect(await all.remove(of, 'a')).toBe(true);
    expect(await all.remove(of, 'a')).toBe(false);
    // Evicted behind our back.
    await world.redis.unlink(`{agf:${of.tenant}}:session:private:${of.agent}:b`);
    expect(await all.list(of, { page: 1, page_size: 9 })).toMatchObject({ total: 1, items: [{ id: 'c' }] });
    expect(await all.removeAll(of)).toBe(1);
    expect(await all.list(of, { page: 1, page_size: 9 })).toEqual({ total: 0, items: [] });
    expect((await keysOf(world.redis, of.tenant)).filter((each) => each.includes(of.agent))).toEqual([]);
  });

  it('is removed with more than a command’s worth of others', async () => {
    const all = sessions(world.redis);
    const of = { tenant: world.tenant, agent: randomUUID() };
    await Promise.all(Array.from({ length: 1_100 }, (_, i) => all.open({ ...of, session: String(i) }).set('x', i)));
    expect(await all.removeAll(of)).toBe(1_100);
  });
});
