import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testStack } from '@aumos/agf-testing';
import { Redis } from 'ioredis';
import { type AgentSessions, tenantAclRules } from '../src/index.js';
import { AGENT, keysOf, sessions, useRedis } from './support.js';

describe('a Redis user of one tenant', () => {
  const world = useRedis();
  const user = `agf-${randomUUID()}`;
  let admin: Redis;
  let confined: Redis;
  beforeAll(async () => {
    admin = new Redis(testStack().redis);
    const password = randomBytes(16).toString('hex');
    await admin.call('ACL', 'SETUSER', user, 'on', `>${password}`, ...tenantAclRules(world.tenant));
    const url = new URL(testStack().redis);
    Object.assign(url, { username: user, password });
    confined = new Redis(url.href, { enableReadyCheck: false, lazyConnect: true });
    await confined.connect();
  });
  afterAll(async () => {
    confined.disconnect();
    await admin.call('ACL', 'DELUSER', user);
    admin.disconnect();
  });

  const execution = { id: randomUUID(), agents: [AGENT, 'agent-b'] };
  async function useAll(all: AgentSessions, tenant: string): Promise<unknown[]> {
    const session = all.open({ tenant, agent: AGENT, session: 's' });
    const shared = all.open({ tenant, agent: AGENT, execution });
    const of = { tenant, agent: AGENT };
    const done: unknown[] = [];
    for (const call of [
      () => session.set('x', 1),
      () => session.get('x'),
      () => session.entries(),
      () => session.compareAndSet('x', 2, null),
      () => session.merge('m', { a: 1 }),
      () => session.append('l', [1]),
      () => session.delete('x'),
      () => shared.set('x', 1),
      () => shared.get('x'),
      () => all.list(of, { page: 1, page_size: 9 }),
      () => all.info(of, 's'),
      () => all.values(of, 's'),
      () => all.remove(of, 's'),
      () => session.set('x', 1),
      () => session.clear(),
      () => all.removeAll(of),
    ])
      done.push(await call().catch((error: unknown) => error));
    return done;
  }

  it('does everything with its own sessions', async () => {
    await world.redis.script('FLUSH');
    const done = await useAll(sessions(confined), world.tenant);
    expect(done.filter((each) => each instanceof Error)).toEqual([]);
  });

  it('does nothing with those of another', async () => {
    await sessions(world.redis).open({ tenant: world.other, agent: AGENT, session: 's' }).set('x', 'secret');
    const before = await world.redis.hgetall(`{agf:${world.other}}:session:private:${AGENT}:s`);
    const done = await useAll(sessions(confined), world.other);
    for (const each of done) expect(String(each)).toMatch(/NOPERM|ACL/);
    expect(await world.redis.hgetall(`{agf:${world.other}}:session:private:${AGENT}:s`)).toEqual(before);
    await expect(confined.hgetall(`{agf:${world.other}}:session:private:${AGENT}:s`)).rejects.toThrow(/NOPERM/);
    await expect(confined.keys('*')).rejects.toThrow(/NOPERM/);
    // Nor by a script that names no key.
    const script = `return redis.call('HGETALL', '{agf:${world.other}}:session:private:${AGENT}:s')`;
    await expect(confined.eval(script, 0)).rejects.toThrow(/NOPERM|ACL/);
  });

  it('is of a tenant whose sessions another tenant’s calls never meet', async () => {
    const mine = sessions(world.redis).open({ tenant: world.tenant, agent: AGENT, session: 'same' });
    const theirs = sessions(world.redis).open({ tenant: world.other, agent: AGENT, session: 'same' });
    await mine.set('x', 'mine');
    expect(await theirs.get('x')).toBeNull();
    await theirs.set('x', 'theirs');
    expect(await sessions(world.redis).removeAll({ tenant: world.other, agent: AGENT })).toBeGreaterThan(0);
    expect((await mine.get('x'))!.value).toBe('mine');
    // Every key is the tenant's own, in one slot of a cluster.
    const slots = new Set<unknown>();
    for (const key of await keysOf(world.redis, world.tenant)) {
      expect(key.startsWith(`{agf:${world.tenant}}:session:`)).toBe(true);
      slots.add(key.slice(0, key.indexOf('}')));
    }
    expect(slots.size).toBe(1);
  });
});
