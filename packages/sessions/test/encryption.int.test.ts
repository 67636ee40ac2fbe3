import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type AgentSession, type AgentSessions } from '../src/index.js';
import { AGENT, box, keysOf, newKey, refusal, sessions, useRedis } from './support.js';

describe('sealed values', () => {
  const world = useRedis();
  const key = newKey();
  const sealed = (...keys: Buffer[]): AgentSessions =>
    sessions(world.redis, { cipher: box(...(keys.length > 0 ? keys : [key])) });
  const open = (all: AgentSessions, session = randomUUID(), agent = AGENT): AgentSession =>
    all.open({ tenant: world.tenant, agent, session });
  const field = (session: string, agent = AGENT): string => `{agf:${world.tenant}}:session:private:${agent}:${session}`;

  /** All that Redis holds of the tenant: what its dump and what its commands say. */
  async function memory(): Promise<string> {
    const parts: string[] = [];
    for (const name of await keysOf(world.redis, world.tenant)) {
      parts.push(name, (await world.redis.dumpBuffer(name)).toString('latin1'));
      const type = await world.redis.type(name);
      parts.push(
        JSON.stringify(type === 'hash' ? await world.redis.hgetall(name) : await world.redis.zrange(name, 0, -1)),
      );
    }
    return parts.join('\n');
  }
  async function remember(session: AgentSession, canary: string): Promise<void> {
    await session.set('text', canary);
    await session.set('list', [canary]);
    await session.append('list', [{ a: canary }]);
    await session.merge('object', { a: { [canary]: canary } });
    await session.compareAndSet('compared', canary, null);
  }

  it('are nowhere in Redis', async () => {
    const [plain, secret] = [randomBytes(8).toString('hex'), randomBytes(8).toString('hex')];
    await remember(open(sessions(world.redis)), plain);
    const session = open(sealed());
    await remember(session, secret);
    const found = await memory();
    // The search finds what is there: the plain session's.
    expect(found).toContain(plain);
    expect(found).not.toContain(secret);
    expect(found).not.toContain(Buffer.from(secret).toString('base64').slice(2, 18));
    const values = [...(await session.entries())].map(([name, { value }]) => [name, value]);
    expect(Object.fromEntries(values)).toEqual({
      ...{ text: secret, list: [secret, { a: secret }], object: { a: { [secret]: secret } }, compared: secret },
    });
  });

  it('open with every key, and are sealed with the first: so keys rotate', async () => {
    const [id, next] = [randomUUID(), newKey()];
    await open(sealed(), id).set('x', 'old');
    const rotated = open(sealed(next, key), id);
    expect((await rotated.get('x'))!.value).toBe('old');
    await rotated.append('l', [1]);
    await open(sealed(), id).append('m', [1]);
    expect((await rotated.append('m', [2])).items).toBe(2);
    expect((await rotated.get('m'))!.value).toEqual([1, 2]);
    await rotated.set('x', 'new');
    expect((await open(sealed(next), id).get('x'))!.value).toBe('new');
    expect(await refusal(open(sealed(), id).get('x'))).toMatchObject({ code: 'INTERNAL_ERROR' });
  });

  it.each<[string, string, (from: string, to: string) => Promise<unknown>]>([
    ['another session', AGENT, (from, to) => world.redis.copy(field(from), field(to))],
    ['another agent', 'agent-b', (from, to) => world.redis.copy(field(from), field(to, 'agent-b'))],
    [
      'another key',
      AGENT,
      async (from, to) => world.redis.hset(field(to), 'k:y', (await world.redis.hget(field(from), 'k:x'))!),
    ],
  ])('do not open under %s', async (what, agent, move) => {
    const [from, to] = [randomUUID(), randomUUID()];
    await open(sealed(), from).set('x', 'secret');
    await open(sealed(), from).set('l', ['secret']);
    const moved = what === 'another key' ? from : to;
    await move(from, moved);
    const names = what === 'another key' ? ['y'] : ['x', 'l'];
    for (const name of names)
      expect(await refusal(open(sealed(), moved, agent).get(name))).toMatchObject({ code: 'INTERNAL_ERROR' });
    expect((await open(sealed(), from).get('x'))!.value).toBe('secret');
  });

  it('were not changed, and were sealed', async () => {
    const id = randomUUID();
    await open(sealed(), id).set('x', 'secret');
    const stored = (await world.redis.hget(field(id), 'k:x'))!;
    const at = stored.length - 6;
    const changed = stored.slice(0, at) + (stored[at] === 'A' ? 'B' : 'A') + stored.slice(at + 1);
    for (const bad of [changed, stored.slice(0, 30), '1:J"plain"', '1:L0,1\n1:["plain"]', '1:J']) {
      await world.redis.hset(field(id), 'k:x', bad);
      expect(await refusal(open(sealed(), id).get('x'))).toMatchObject({ code: 'INTERNAL_ERROR' });
    }
    // What can no longer be opened can still be forgotten.
    expect(await open(sealed(), id).clear()).toBe(true);
  });
});
