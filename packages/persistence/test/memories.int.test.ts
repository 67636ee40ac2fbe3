import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiError } from '@aumos/agf-domain';
import { ConsoleLogger, Logger } from '@nestjs/common';
import {
  AgentsRepository,
  type FoundMemory,
  MemoriesRepository,
  type MemorySearch,
  type NewMemory,
} from '../src/index.js';
import { tenantA, tenantB, useDatabase } from './support/database.js';
import { aRunningExecution } from './support/rows.js';

const DIMENSIONS = 64;
/** The same numbers each time: a linear congruential generator. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 1_073_741_824 - 1;
}
const cosine = (a: readonly number[], b: readonly number[]): number => {
  const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, each, i) => sum + each * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

describe('memories of an agent', () => {
  const database = useDatabase();
  const [a, b] = [tenantA(), tenantB()];
  let memories: MemoriesRepository;
  const logged: unknown[] = [];
  beforeAll(() => {
    const nothing = (): void => undefined;
    Logger.overrideLogger({ log: (entry: unknown) => void logged.push(entry), warn: nothing, error: nothing });
    memories = new MemoriesRepository(database.db);
  });

  afterAll(() => {
    Logger.overrideLogger(new ConsoleLogger());
  });

  const anAgent = async (tenant = a): Promise<string> => {
    const agent = { name: randomUUID(), privilege_level: 1, created_by: 'dev' } as const;
    return (await database.db.run(tenant, () => new AgentsRepository(database.db).create(agent)))!.id;
  };
  const add = (memory: Partial<NewMemory> & { agent_id: string }, most?: number, tenant = a) => {
    const whole = { text: 't', embedding: [1, 0], embedding_model: 'm', ...memory };
    return database.db.run(tenant, () => memories.add(whole, most));
  };
  const search = async (asked: Partial<MemorySearch> & { agent_id: string }, tenant = a): Promise<FoundMemory[]> => {
    const whole = { embedding: [1, 0], embedding_model: 'm', ...asked };
    return (await database.db.run(tenant, () => memories.search(whole))).items;
  };

  it('are found in the order of their similarity, exactly', async () => {
    const agent_id = await anAgent();
    const next = numbers(7);
    const vector = (): number[] => Array.from({ length: DIMENSIONS }, () => 5 * next());
    const all = Array.from({ length: 200 }, (_, i) => ({ text: `memory ${String(i)}`, embedding: vector() }));
    await database.db.run(a, async () => {
      for (const memory of all) await memories.add({ agent_id, embedding_model: 'm', ...memory });
    });
    const asked = vector();
    const expected = all
      .map(({ text, embedding }) => ({ text, similarity: cosine(embedding, asked) }))
      .sort((x, y) => y.similarity - x.similarity);
    const found = await search({ agent_id, embedding: asked, most: 100 });
    expect(found.map(({ text }) => text)).toEqual(expected.slice(0, 100).map(({ text }) => text));
    found.forEach(({ similarity }, i) => expect(similarity).toBeCloseTo(expected[i]!.similarity, 5));
    const close = await search({ agent_id, embedding: asked, most: 100, similarity: 0.2 });
    expect(close.map(({ text }) => text)).toEqual(
      expected.filter(({ similarity }) => similarity >= 0.2).map(({ text }) => text),
    );
    expect(await search({ agent_id, embedding: asked })).toHaveLength(10);
  });

  it('say by what they were searched', async () => {
    const agent_id = await anAgent();
    const [row] = await database.db.run(a, (em) =>
      em.query<{ n: number }[]>(`select count(*)::int as n from pg_extension where extname = 'vector'`),
    );
    const { by } = await database.db.run(a, () => memories.search({ agent_id, embedding: [1], embedding_model: 'm' }));
    expect(by).toBe(row!.n === 1 ? 'pgvector' : 'sql');
    expect(logged.filter((entry) => JSON.stringify(entry) === JSON.stringify({ by }))).toHaveLength(1);
  });

  it('are compared with those of the same model and size alone', async () => {
    const agent_id = await anAgent();
    await add({ agent_id, text: 'mine' });
    await add({ agent_id, text: 'another model', embedding_model: 'n' });
    await add({ agent_id, text: 'another size', embedding: [1, 0, 0] });
    expect((await search({ agent_id })).map(({ text }) => text)).toEqual(['mine']);
    expect(await search({ agent_id: await anAgent() })).toEqual([]);
  });

  it('are of a session or an execution, and hold what was given with them', async () => {
    const agent_id = await anAgent();
    const execution_id = await aRunningExecution(database.db, a);
    await add({ agent_id, text: 's', session_id: 's', metadata: { source: ['x', null] } });
    await add({ agent_id, text: 'e', execution_id });
    expect(await search({ agent_id, session_id: 's' })).toEqual([
      {
        id: expect.any(String),
        session_id: 's',
        execution_id: null,
        text: 's',
        metadata: { source: ['x', null] },
        created_at: expect.any(Date),
        similarity: 1,
      },
    ]);
    expect((await search({ agent_id, execution_id })).map(({ text }) => text)).toEqual(['e']);
    const { items, total } = await database.db.run(a, () => memories.list(agent_id));
    expect([total, items.map(({ text }) => text)]).toEqual([2, ['e', 's']]);
    expect(await database.db.run(a, () => memories.remove(items[0]!.id))).toBe(true);
    expect(await database.db.run(a, () => memories.removeAll(agent_id))).toBe(1);
    expect(await search({ agent_id })).toEqual([]);
  });

  it.each<[string, Partial<NewMemory>, string]>([
    ['no text', { text: '' }, 'text'],
    ['too much text', { text: 'ä'.repeat(32_769) }, 'text'],
    ['NUL', { text: 'a\0' }, 'text'],
    ['half a pair in its session', { session_id: '\ud800' }, 'session_id'],
    ['no model', { embedding_model: '' }, 'embedding_model'],
    ['no embedding', { embedding: [] }, 'embedding'],
    ['no direction', { embedding: [0, 0] }, 'embedding'],
    ['no number', { embedding: [1, NaN] }, 'embedding'],
    ['no end', { embedding: [Infinity, 1] }, 'embedding'],
    ['too many dimensions', { embedding: Array<number>(8_193).fill(1) }, 'embedding'],
    ['too much beside it', { metadata: { a: 'x'.repeat(16_384) } }, 'metadata'],
  ])('with %s are refused', async (_, bad, field) => {
    const refused: unknown = await add({ agent_id: await anAgent(), ...bad }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'VALIDATION_ERROR' });
    expect((refused as ApiError).details.fields!.map((each) => each.field)).toEqual([field]);
  });

  it('are no more than allowed, also when they are added at once', async () => {
    const agent_id = await anAgent();
    const added = await Promise.all(Array.from({ length: 10 }, () => add({ agent_id }, 3)));
    expect(added.filter(({ kind }) => kind === 'added')).toHaveLength(3);
    expect(added.filter(({ kind }) => kind === 'full')).toHaveLength(7);
    expect(await add({ agent_id: randomUUID() })).toEqual({ kind: 'no_agent' });
  });

  it('of another tenant are not found, not counted and not removed', async () => {
    const [mine, theirs] = [await anAgent(a), await anAgent(b)];
    await add({ agent_id: mine, text: 'mine' });
    await add({ agent_id: theirs, text: 'theirs' }, undefined, b);
    expect((await search({ agent_id: mine })).map(({ text }) => text)).toEqual(['mine']);
    expect(await search({ agent_id: mine }, b)).toEqual([]);
    expect(await add({ agent_id: mine }, undefined, b)).toEqual({ kind: 'no_agent' });
    expect(await database.db.run(b, () => memories.removeAll(mine))).toBe(0);
    const execution_id = await aRunningExecution(database.db, a);
    await expect(add({ agent_id: theirs, execution_id }, undefined, b)).rejects.toThrow(/foreign key/);
    expect(await search({ agent_id: mine })).toHaveLength(1);
  });
});
