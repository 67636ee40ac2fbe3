import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { agentTurnsNode, type Json, type JsonObject } from '@aumos/agf-domain';
import type { ModelCall, SettledTurn, TurnAdmission, TurnSettlement } from '@aumos/agf-engine/common';
import { EventPublisher, Nudges } from '@aumos/agf-events';
import {
  AgentsRepository,
  BudgetReservationEntity,
  BudgetsRepository,
  createDataSource,
  ExecutionLogRepository,
  OutboxRepository,
  StepsRepository,
  TenantDb,
  ToolsRepository,
  TracesRepository,
  VisitsRepository,
} from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { BreakerGuard } from '@aumos/agf-resilience';
import { AgentSessions } from '@aumos/agf-sessions';
import { testStack } from '@aumos/agf-testing';
import { BuiltinTools, ToolCatalog } from '@aumos/agf-tools';
import { Redis } from 'ioredis';
import { type DataSource } from 'typeorm';
import type { WorkerSettings } from '../src/config.js';
import { ExecutionLog } from '../src/execution/execution-log.js';
import { AdmitTurn } from '../src/model-call/admit-turn.js';
import { AgentMemories } from '../src/model-call/agent-memories.js';
import { BeginTurn } from '../src/model-call/begin-turn.js';
import { Conversation } from '../src/model-call/conversation.js';
import { ModelBudget } from '../src/model-call/model-budget.js';
import { SettleTurn } from '../src/model-call/settle-turn.js';
import { breakerChain } from './support/breaker-chain.js';
import { RefuseCall } from '../src/tool-call/refuse-call.js';
import { anExecution } from './support/an-execution.js';

const SETTINGS = {
  ...{
    circuitBreakerFailureThreshold: 2,
    circuitBreakerResetTimeoutSeconds: 60,
    circuitBreakerWindowSeconds: 60,
    circuitBreakerHalfOpenMaxCalls: 1,
  },
  // What a model would be, and cost: an executor is none.
  ...{ llmModel: 'small', modelPrices: ['small=1000000:1000000'] },
} as unknown as WorkerSettings;
const EXECUTOR = { task_queue: 'agf-nodes-team', name: 'clerk' };

describe("turns of a team's executor", () => {
  const tenant = randomUUID();
  let database: FreshDatabase;
  let source: DataSource;
  let redis: Redis;
  let db: TenantDb;
  let visits: VisitsRepository;
  let agents: AgentsRepository;
  let traces: TracesRepository;
  let admit: AdmitTurn;
  let settle: SettleTurn;

  beforeAll(async () => {
    database = await freshDatabase();
    source = await createDataSource(database.appUrl, { applicationName: 'executors' });
    redis = new Redis(testStack().redis);
    db = new TenantDb(source);
    visits = new VisitsRepository(db);
    agents = new AgentsRepository(db);
    traces = new TracesRepository(db);
    const log = new ExecutionLog(db, new ExecutionLogRepository(db), visits, new StepsRepository(db), redis);
    const memories = new AgentMemories(db, visits, new AgentSessions(redis, { ttlSeconds: 60 }));
    const events = new EventPublisher(db, new OutboxRepository(db), new Nudges());
    const budget = new ModelBudget(db, new BudgetsRepository(db), SETTINGS);
    const guard = new BreakerGuard(redis);
    admit = new AdmitTurn(
      new BeginTurn(db, visits, agents, memories, log, events),
      new Conversation(db, visits, memories),
      new ToolCatalog(new BuiltinTools(), new ToolsRepository(db)),
      guard,
      breakerChain(db, SETTINGS),
      new RefuseCall(db, traces),
      budget,
    );
    settle = new SettleTurn(db, visits, traces, guard, budget, log);
  });
  afterAll(async () => {
    redis.disconnect();
    await source.destroy();
    await database.drop();
  });

  const run = <T>(work: () => Promise<T>): Promise<T> => db.run(tenant, work);
  async function aTurn(over: Partial<ModelCall> = {}, row: JsonObject = {}): Promise<ModelCall> {
    const made = await run(() =>
      agents.create({ name: randomUUID(), privilege_level: 3, created_by: 'dev', executor: EXECUTOR, ...row }),
    );
    return {
      ref: {
        ...{ tenant_id: tenant, execution_id: await anExecution(db, tenant), workflow_id: randomUUID() },
        ...{ workflow_name: 'flow', version: 1, initiator: 'dev' },
      },
      ...{ node: agentTurnsNode('a', 1), visit: 1, of: { node: 'a', visit: 1 }, step: 1, item: null },
      agent: {
        ...{ id: made!.id, name: made!.name, version: 1, instructions: 'Be brief.', model: null, executor: EXECUTOR },
        ...{ privilege_level: 3, limits: (row['resource_limits'] ?? {}) as object },
      },
      ...{ prompt: 'Go.', tools: ['csv_profile'], told: [], need: 1, initiator_level: 5, max_privilege_level: 5 },
      ...{ workflow_chain: [], timeout_seconds: 5, ended: [] },
      ...over,
    };
  }
  const admitted = async (call: ModelCall): Promise<Extract<TurnAdmission, { kind: 'admitted' }>> => {
    const admission = await admit.run(call);
    if (admission.kind !== 'admitted') throw new Error(admission.kind);
    return admission;
  };
  const settled = async (call: ModelCall, outcome: Json | { code: string }): Promise<SettledTurn> => {
    const { permit } = await admitted(call);
    const failed = typeof outcome === 'object' && outcome !== null && 'code' in outcome;
    const error = { node: 'a', visit: 1, attempts: 1, message: 'm', details: {} };
    const end: TurnSettlement['outcome'] = failed
      ? { kind: 'failed', error: { ...error, code: String((outcome as { code: string }).code) } }
      : { kind: 'completed', reply: { step: outcome, attempt: 2, duration_ms: 7 } };
    return settle.run({ call, permit, started_at: new Date().toISOString(), outcome: end });
  };
  const held = (call: ModelCall) =>
    run(() => db.em.countBy(BudgetReservationEntity, { execution_id: call.ref.execution_id }));

  it('are admitted with what a model would be told, journalled, traced, and answered from the journal', async () => {
    const call = await aTurn();
    const admission = await admitted(call);
    expect(admission).toMatchObject({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Go.' },
      ],
      tools: [{ name: 'csv_profile', input_schema: { type: 'object' } }],
    });
    expect(await held(call)).toBe(1);
    const step = { calls: [{ tool: 'csv_profile', arguments: { source: 'x' } }], usage: { input_tokens: 5 } };
    const calls = [{ id: 'call_1_1', name: 'csv_profile', arguments: { source: 'x' } }];
    const reply = { text: null, calls, finish: 'calls', usage: { input_tokens: 5, output_tokens: 0 } };
    expect(await settled(call, step)).toEqual({ kind: 'completed', reply });
    expect(await held(call)).toBe(0);
    expect(await admit.run(call)).toMatchObject({ kind: 'completed', reply });
    expect(await run(() => traces.list(call.ref.execution_id, { kind: 'llm' }))).toMatchObject({
      items: [{ name: 'clerk', duration_ms: 7, attributes: { executor: true, attempt: 2, input_tokens: 5 } }],
    });
    const told = await run(() =>
      db.em.query<{ event_type: string }[]>('select event_type from agf_outbox where aggregate_id = $1', [
        call.agent.id,
      ]),
    );
    expect(told).toEqual([{ event_type: 'agf.agent.invoked' }]);
    const second = { ...call, visit: 2, told: [{ id: 'call_1_1', result: { rows: 2 } }] };
    expect((await admitted(second)).messages.slice(2)).toMatchObject([
      { role: 'assistant', tool_calls: [{ id: 'call_1_1', function: { name: 'csv_profile' } }] },
      { role: 'tool', tool_call_id: 'call_1_1', content: '{"rows":2}' },
    ]);
    expect(await settled(second, { answer: { rows: 2 } })).toMatchObject({
      reply: { finish: 'stop', answer: { rows: 2 }, text: '{"rows":2}' },
    });
  });

  it.each<[string, Json]>([
    ['no object', 'yes'],
    ['nothing', {}],
    ['a call of nothing', { calls: [{ arguments: {} }] }],
    ['arguments that are none', { calls: [{ tool: 'x', arguments: [1] }] }],
  ])('fail where their step is %s, and hold nothing on', async (_, step) => {
    const call = await aTurn();
    expect(await settled(call, step)).toMatchObject({ kind: 'failed', error: { code: 'INVALID_RESULT' } });
    expect(await held(call)).toBe(0);
  });

  it('count at the breaker of their agent, which then refuses them', async () => {
    const call = await aTurn();
    for (let i = 0; i < 2; i++) expect(await settled(call, { code: 'HANDLER_FAILED' })).toBeNull();
    expect(await admit.run(call)).toMatchObject({ kind: 'refused', error: { code: 'CIRCUIT_OPEN' } });
    expect(await held(call)).toBe(0);
  });

  it('are not taken by agents that are not active, or have no budget left', async () => {
    const idle = await aTurn();
    await run(() => agents.change(idle.agent.id, 1, { status: 'suspended' }, 'dev'));
    await expect(admit.run(idle)).rejects.toMatchObject({ code: 'AGENT_NOT_ACTIVE' });
    const poor = await aTurn({}, { resource_limits: { tokens_per_execution: 10 } });
    await settled(poor, { calls: [{ tool: 'csv_profile' }], usage: { input_tokens: 9, output_tokens: 1 } });
    await expect(admit.run({ ...poor, visit: 2 })).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED' });
  });
});
