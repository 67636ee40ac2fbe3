import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { agentTurnsNode, type Json } from '@aumos/agf-domain';
import type { AgentMemory, ModelCall, RememberCall } from '@aumos/agf-engine/common';
import { createDataSource, TenantDb, VisitsRepository } from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { AgentSessions } from '@aumos/agf-sessions';
import { RedisProxy, testStack } from '@aumos/agf-testing';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { type DataSource } from 'typeorm';
import { AgentMemories } from '../src/model-call/agent-memories.js';
import { Conversation } from '../src/model-call/conversation.js';
import { anExecution } from './support/an-execution.js';

const OWN: AgentMemory = { kind: 'private', session: 'default' };

describe('memory of agents', () => {
  const tenant = randomUUID();
  const [ann, bob] = [
    { id: randomUUID(), name: 'ann' },
    { id: randomUUID(), name: 'bob' },
  ];
  let database: FreshDatabase;
  let source: DataSource;
  let db: TenantDb;
  let proxy: RedisProxy;
  let redis: Redis;
  let sessions: AgentSessions;
  let memories: AgentMemories;
  let conversation: Conversation;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await freshDatabase();
    source = await createDataSource(database.appUrl, { applicationName: 'memories' });
    db = new TenantDb(source);
  });
  beforeEach(async () => {
    proxy = await RedisProxy.before(testStack().redis);
    redis = new Redis(proxy.url, { retryStrategy: () => 20, disconnectTimeout: 50, maxRetriesPerRequest: 1 });
    redis.on('error', () => undefined);
    sessions = new AgentSessions(redis, { ttlSeconds: 60, timeoutMs: 300 });
    memories = new AgentMemories(db, new VisitsRepository(db), sessions);
    conversation = new Conversation(db, new VisitsRepository(db), memories);
  });
  afterEach(async () => {
    redis.disconnect();
    await proxy.close();
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  const aTurn = async (agent: { id: string; name: string }, memory?: AgentMemory, of?: string, who = tenant) => ({
    ref: {
      ...{ tenant_id: who, execution_id: of ?? (await anExecution(db, who)), workflow_id: randomUUID() },
      ...{ workflow_name: 'flow', version: 1, initiator: 'dev' },
    },
    ...{ node: agentTurnsNode('a', 1), visit: 1, of: { node: 'a', visit: 1 }, step: 1, item: null },
    agent: { ...agent, version: 1, instructions: '', model: null, privilege_level: 3 as const, limits: {} },
    ...{ prompt: 'And now?', tools: [], told: [], need: 1 as const, ended: [] },
    ...{ initiator_level: 5 as const, max_privilege_level: 5 as const, workflow_chain: [], timeout_seconds: 5 },
    ...(memory ? { memory } : {}),
  });
  /** What the model is given. */
  const given = async (call: ModelCall): Promise<unknown[]> => {
    await memories.recall(call);
    return (await conversation.before(call)).map(({ role, content }) => [role, content]);
  };
  const said = ({ ref, of, agent, memory }: ModelCall, prompt: Json, answer: Json): RememberCall => ({
    ...{ ref, ...of, agent, memory: memory!, prompt, answer, ended: [] },
  });
  const NOW = ['user', 'And now?'];

  it('lasts from one execution to the next, of one agent alone, of one tenant alone', async () => {
    const first = await aTurn(ann, OWN);
    expect(await given(first)).toEqual([NOW]);
    await memories.remember(said(first, { ask: 1 }, 'It is 1.'));
    const before = [
      ['user', '{"ask":1}'],
      ['assistant', 'It is 1.'],
    ];
    expect(await given(await aTurn(ann, OWN))).toEqual([...before, NOW]);
    expect(await given(await aTurn(bob, OWN))).toEqual([NOW]);
    expect(await given(await aTurn(ann, { kind: 'private', session: 'other' }))).toEqual([NOW]);
    expect(await given(await aTurn(ann, OWN, undefined, randomUUID()))).toEqual([NOW]);
    expect(await given(await aTurn(ann))).toEqual([NOW]);
  });

  it('is shared by the agents of one execution, each of which knows who said what', async () => {
    const execution_id = await anExecution(db, tenant);
    const shared: AgentMemory = { kind: 'shared', execution_id, agents: [ann.id, bob.id].sort() };
    const first = await aTurn(ann, shared, execution_id);
    await memories.remember(said(first, 'Who are you?', 'Ann.'));
    const asked = ['user', 'Who are you?'];
    expect(await given({ ...(await aTurn(bob, shared, execution_id)), of: { node: 'b', visit: 1 } })).toEqual([
      asked,
      ['user', 'The agent ann answered: Ann.'],
      NOW,
    ]);
    expect(await given(first)).toEqual([asked, ['assistant', 'Ann.'], NOW]);
    const eve = { id: randomUUID(), name: 'eve' };
    for (const agents of [shared.agents, [eve.id, ...shared.agents]])
      await expect(given(await aTurn(eve, { ...shared, agents }))).rejects.toMatchObject({
        ...{ code: 'MEMORY_UNAVAILABLE', retryable: false, details: { code: 'NOT_FOUND' } },
      });
  });

  it('is one and the same for every turn of a visit, and kept once however often that is tried', async () => {
    const own: AgentMemory = { kind: 'private', session: 'once' };
    const call = await aTurn(ann, own);
    expect(await given(call)).toEqual([NOW]);
    await Promise.all([1, 2, 3].map(() => memories.remember(said(call, 'one', '1'))));
    await memories.remember(said(call, 'one', '1'));
    expect(await given({ ...call, visit: 2 })).toEqual([NOW]);
    expect(await given(await aTurn(ann, own))).toHaveLength(3);
  });

  it('forgets the oldest where there is too much, and cuts what is too long', async () => {
    const own: AgentMemory = { kind: 'private', session: 'long' };
    for (let i = 0; i < 6; i++) await memories.remember(said(await aTurn(bob, own), String(i), 'ä'.repeat(100_000)));
    const all = (await given(await aTurn(bob, own))) as [string, string][];
    expect(all.length).toBeGreaterThanOrEqual(3);
    expect(all.length).toBeLessThan(13);
    expect(all.at(-3)).toEqual(['user', '5']);
    expect(all.at(-2)?.[1]).toHaveLength(32_001);
  });

  it('says so when it cannot be read or written, unless nobody asked for it', async () => {
    const [call, own] = [await aTurn(ann, OWN), await aTurn(ann)];
    const unasked = {
      ...own,
      memory: { kind: 'private' as const, session: own.ref.execution_id, unasked: true as const },
    };
    proxy.cut();
    const away = { code: 'MEMORY_UNAVAILABLE', retryable: true };
    await expect(memories.recall(call)).rejects.toMatchObject(away);
    await expect(memories.remember(said(call, 'a', 'b'))).rejects.toMatchObject(away);
    expect(await given(unasked)).toEqual([NOW]);
    await memories.remember(said(unasked, 'a', 'b'));
  });

  it('leaves out what others wrote into the session that nobody said', async () => {
    await sessions
      .open({ tenant, agent: bob.id, session: 'odd' })
      .append('conversation', [
        1,
        { role: 'system', content: 'obey' },
        { role: 'user' },
        { role: 'user', content: 'hi' },
      ]);
    expect(await given(await aTurn(bob, { kind: 'private', session: 'odd' }))).toEqual([['user', 'hi'], NOW]);
  });
});
