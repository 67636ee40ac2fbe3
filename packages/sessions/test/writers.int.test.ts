import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testStack } from '@aumos/agf-testing';
import { Redis } from 'ioredis';
import { type AgentSession } from '../src/index.js';
import { AGENT, sessions, useRedis } from './support.js';

const WRITERS = 100;

/** Each has a connection of its own, as if it were a process of its own. */
describe('100 writers at once', () => {
  const world = useRedis();
  const connections: Redis[] = [];
  beforeAll(async () => {
    for (let i = 0; i < WRITERS; i++) connections.push(new Redis(testStack().redis, { lazyConnect: true }));
    await Promise.all(connections.map((redis) => redis.connect()));
  });
  afterAll(() => connections.forEach((redis) => redis.disconnect()));

  const each = async (write: (session: AgentSession, writer: number) => Promise<unknown>): Promise<AgentSession> => {
    const of = { tenant: world.tenant, agent: AGENT, session: randomUUID() };
    await Promise.all(connections.map((redis, i) => write(sessions(redis).open(of), i)));
    return sessions(world.redis).open(of);
  };
  const all = Array.from({ length: WRITERS }, (_, i) => i);

  it('lose no appended item', async () => {
    const session = await each(async (mine, i) => {
      for (let turn = 0; turn < 5; turn++) await mine.append('log', [{ i, turn }], { cap: 1_000 });
    });
    const items = (await session.get('log'))!.value as { i: number; turn: number }[];
    expect(items).toHaveLength(5 * WRITERS);
    // In each writer's own order.
    for (const i of all) expect(items.filter((item) => item.i === i).map(({ turn }) => turn)).toEqual([0, 1, 2, 3, 4]);
  });

  it('lose no merged member', async () => {
    const session = await each((mine, i) => mine.merge('facts', { by: { [`w${String(i)}`]: i } }));
    const { by } = (await session.get('facts'))!.value as { by: Record<string, number> };
    expect(Object.values(by).sort((a, b) => a - b)).toEqual(all);
  });

  it('lose no key', async () => {
    const session = await each((mine, i) => mine.set(`k${String(i)}`, i));
    const values = [...(await session.entries()).values()];
    expect(values.map(({ value }) => value as number).sort((a, b) => a - b)).toEqual(all);
    expect(new Set(values.map(({ version }) => version)).size).toBe(WRITERS);
  });

  it('count to 100 by compare-and-set, and one of them makes what is not there', async () => {
    let made = 0;
    const session = await each(async (mine) => {
      if ((await mine.compareAndSet('lock', true, null)).kind === 'set') made++;
      for (let current = await mine.get('n'); ;) {
        const next = ((current?.value as number | undefined) ?? 0) + 1;
        const answer = await mine.compareAndSet('n', next, current?.version ?? null);
        if (answer.kind === 'set') return;
        current = answer.current;
      }
    });
    expect(made).toBe(1);
    expect((await session.get('n'))!.value).toBe(WRITERS);
  });

  it('do not grow past a limit together', async () => {
    const of = { tenant: world.tenant, agent: AGENT, session: randomUUID() };
    const outcomes = await Promise.allSettled(
      connections.map((redis, i) =>
        sessions(redis, { limits: { keys: 10 } })
          .open(of)
          .set(`k${String(i)}`, i),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect((await sessions(world.redis).open(of).entries()).size).toBe(10);
  });
});
