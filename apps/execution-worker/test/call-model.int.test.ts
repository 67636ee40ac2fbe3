import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { asyncLocalStorage } from '@temporalio/activity';
import type { BreakerSettings, Json, JsonObject, ToolSpec } from '@aumos/agf-domain';
import type { ModelCall, ModelOutcome, ModelReply, ToolCall } from '@aumos/agf-engine/common';
import { EventPublisher, Nudges } from '@aumos/agf-events';
import {
  AgentsRepository,
  AuditRepository,
  BudgetReservationEntity,
  BudgetsRepository,
  createDataSource,
  ElevationsRepository,
  ExecutionLogRepository,
  OutboxRepository,
  StepsRepository,
  TenantDb,
  ToolsRepository,
  TracesRepository,
  VisitsRepository,
} from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { Secret } from '@aumos/agf-platform';
import { BreakerGuard } from '@aumos/agf-resilience';
import { AgentSessions } from '@aumos/agf-sessions';
import { eventually, ModelServer, testStack } from '@aumos/agf-testing';
import { BuiltinTools, ToolCatalog } from '@aumos/agf-tools';
import { Redis } from 'ioredis';
import { type DataSource } from 'typeorm';
import type { WorkerSettings } from '../src/config.js';
import { ExecutionLog } from '../src/execution/execution-log.js';
import { AgentMemories } from '../src/model-call/agent-memories.js';
import { BeginTurn } from '../src/model-call/begin-turn.js';
import { CallModel } from '../src/model-call/call-model.js';
import { Conversation } from '../src/model-call/conversation.js';
import { ModelBudget } from '../src/model-call/model-budget.js';
import { ModelEndpoint } from '../src/model-call/model-endpoint.js';
import { TellTokens } from '../src/model-call/tell-tokens.js';
import { ActingAgents } from '../src/tool-call/acting-agent.js';
import { breakerChain } from './support/breaker-chain.js';
import { DenyCall } from '../src/tool-call/deny-call.js';
import { RefuseCall } from '../src/tool-call/refuse-call.js';
import { anExecution } from './support/an-execution.js';

const BREAKERS = {
  circuitBreakerFailureThreshold: 2,
  circuitBreakerResetTimeoutSeconds: 60,
  circuitBreakerWindowSeconds: 60,
  circuitBreakerHalfOpenMaxCalls: 1,
};

const sse = (body: string) => ({ status: 200, headers: { 'content-type': 'text/event-stream' }, body });
const NEVER = (): Promise<void> => new Promise(() => undefined);

describe('turns of a model', () => {
  const tenant = randomUUID();
  const other = randomUUID();
  let database: FreshDatabase;
  let source: DataSource;
  let redis: Redis;
  let db: TenantDb;
  let visits: VisitsRepository;
  let agents: AgentsRepository;
  let traces: TracesRepository;
  let models: ModelServer;

  beforeAll(async () => {
    [database, models] = await Promise.all([freshDatabase(), ModelServer.start()]);
    source = await createDataSource(database.appUrl, { applicationName: 'models' });
    redis = new Redis(testStack().redis);
    db = new TenantDb(source);
    visits = new VisitsRepository(db);
    agents = new AgentsRepository(db);
    traces = new TracesRepository(db);
  });
  beforeEach(() => models.says({ text: 'ok' }));
  afterAll(async () => {
    redis.disconnect();
    await models.close();
    await source.destroy();
    await database.drop();
  });

  const useCase = (settings: Partial<WorkerSettings> = {}): CallModel => {
    const llm = { llmServingUrl: models.url, llmServingToken: new Secret('token-of-ours'), llmModel: 'small' };
    const all = { ...BREAKERS, ...llm, ...settings } as WorkerSettings;
    const log = new ExecutionLog(db, new ExecutionLogRepository(db), visits, new StepsRepository(db), redis);
    const events = new EventPublisher(db, new OutboxRepository(db), new Nudges());
    const memories = new AgentMemories(db, visits, new AgentSessions(redis, { ttlSeconds: 60 }));
    return new CallModel(
      db,
      visits,
      new BeginTurn(db, visits, agents, memories, log, events),
      traces,
      new Conversation(db, visits, memories),
      new ModelEndpoint(all),
      new TellTokens(db, visits, log),
      new BreakerGuard(redis),
      breakerChain(db, all),
      new ToolCatalog(new BuiltinTools(), new ToolsRepository(db)),
      new RefuseCall(db, traces),
      log,
      new ModelBudget(db, new BudgetsRepository(db), all),
    );
  };
  /** As an activity's nth and last attempt. */
  const ask = (call: ModelCall, settings?: Partial<WorkerSettings>, signal = new AbortController().signal) =>
    asyncLocalStorage.run(
      { info: { attempt: 1, retryPolicy: { maximumAttempts: 1 } }, cancellationSignal: signal } as never,
      () => useCase(settings).run(call),
    );
  const replyOf = (outcome: ModelOutcome): ModelReply => {
    if (outcome.kind !== 'completed') throw new Error(outcome.kind);
    return outcome.reply;
  };

  const anAgent = async (more: JsonObject = {}) =>
    (await db.run(tenant, () =>
      agents.create({ name: `agent-${randomUUID()}`, privilege_level: 3, created_by: 'dev', ...more }),
    ))!;

  async function aCall(over: Partial<ModelCall> = {}, agentRow?: { id: string; name: string }): Promise<ModelCall> {
    const { id, name } = agentRow ?? (await anAgent());
    return {
      ref: {
        ...{ tenant_id: tenant, execution_id: await anExecution(db, tenant), workflow_id: randomUUID() },
        ...{ workflow_name: 'flow', version: 1, initiator: 'dev' },
      },
      ...{ node: 'a~1', visit: 1, of: { node: 'a', visit: 1 }, step: 1, item: null },
      agent: { id, name, version: 1, instructions: 'Be brief.', model: null, privilege_level: 3, limits: {} },
      ...{ prompt: 'Go.', tools: ['csv_profile'], told: [], need: 1, initiator_level: 5, max_privilege_level: 5 },
      ...{ workflow_chain: [], timeout_seconds: 5, ended: [] },
      ...over,
    };
  }

  it('go to the endpoint in its protocol, for the tenant, with the tools that are offered', async () => {
    models.says({ text: 'Done.', usage: { prompt_tokens: 11, completion_tokens: 2 } });
    const call = await aCall({ response_schema: { type: 'object' } });
    const reply = replyOf(await ask({ ...call, agent: { ...call.agent, limits: { max_tokens: 50 } } }));
    expect(reply).toMatchObject({ text: 'Done.', finish: 'stop', usage: { input_tokens: 11, output_tokens: 2 } });
    const [request] = models.requests;
    expect(request?.headers).toMatchObject({
      ...{ authorization: 'Bearer token-of-ours', 'x-tenant-id': tenant },
      'idempotency-key': `${call.ref.execution_id}/a~1/1`,
    });
    const { input_schema: parameters, name, description } = new BuiltinTools().specs.get('csv_profile') as ToolSpec;
    expect(request?.body).toMatchObject({
      ...{ stream: true, stream_options: { include_usage: true } },
      ...{ model: 'small', max_tokens: 50, response_format: { type: 'json_schema' } },
      messages: [{ role: 'system' }, { role: 'user', content: 'Go.' }],
      tools: [{ type: 'function', function: { name, description, parameters } }],
    });
    const { items } = await db.run(tenant, () => traces.list(call.ref.execution_id, { kind: 'llm' }));
    expect(items).toMatchObject([
      { name: 'small', node: 'a~1', attributes: { input_tokens: 11, output_tokens: 2, agent_id: call.agent.id } },
    ]);
    const rows = await db.run(tenant, () => visits.listOf(call.ref.execution_id));
    expect(rows.items).toMatchObject([
      { node: 'a', visit: 1, type: 'agent', status: 'running', input: 'Go.' },
      { node: 'a~1', visit: 1, type: 'model', status: 'completed', output: { text: 'Done.' } },
    ]);
  });

  it('are not asked for what their agent, their execution or their tenant may not use any more', async () => {
    const spender = await anAgent({ resource_limits: { tokens_per_execution: 6_000 } });
    const call = await aCall({}, spender);
    const turn = (visit: number): ModelCall => ({ ...call, visit });
    models.says(
      { text: 'One.', usage: { prompt_tokens: 1_000, completion_tokens: 500 } },
      { text: 'Two.', usage: { prompt_tokens: 1_000, completion_tokens: 500 } },
    );
    await ask(turn(1));
    await expect(ask(turn(2))).resolves.toMatchObject({ reply: { text: 'Two.' } });
    const before = models.requests.length;
    await expect(ask(turn(3))).rejects.toMatchObject({
      code: 'BUDGET_EXCEEDED',
      retryable: false,
      details: { scope: 'execution', unit: 'tokens', limit: 6_000, used: 3_000 },
    });
    expect(models.requests).toHaveLength(before);
    // Another execution of the same agent has a budget of its own, where the agent's day has none.
    await ask(await aCall({}, spender));
    const dear = { modelPrices: ['small=100/200'], modelCostPerExecution: 0.5 };
    await expect(ask(await aCall(), dear)).rejects.toMatchObject({
      details: { scope: 'execution', unit: 'cost_micros' },
    });
    await ask(await aCall(), { ...dear, modelCostPerExecution: 5 });
    models.says({ status: 500 });
    const failing = await aCall({}, spender);
    await expect(ask(failing)).rejects.toMatchObject({ retryable: true });
    expect(await db.run(tenant, (em) => em.count(BudgetReservationEntity))).toBe(0);
  });

  /** What followers see. */
  const told = ({ ref }: ModelCall, as = tenant) =>
    db.run(as, () => new ExecutionLogRepository(db).after(ref.execution_id, 0, 1000));
  const tokens = async (call: ModelCall) =>
    (await told(call)).filter(({ type }) => type === 'token').map(({ data }) => data);
  /** As a follower puts it together. */
  const heard = async (call: ModelCall): Promise<string> =>
    (await tokens(call)).reduce((text, { text: more, reset }) => (reset ? '' : text) + (more as string), '');
  const begun = (call: ModelCall) => eventually(async () => (await heard(call)) !== '');
  const LONG = 'Größe: 👍🏽 — “ça va”, \u0000 日本語. '.repeat(200);
  const STORED = LONG.replaceAll('\u0000', '\uFFFD');

  it('are told while the model speaks, and whole before their end', async () => {
    const call = await aCall();
    models.says({
      text: LONG,
      calls: [{ name: 'csv_profile', arguments: { source: 'tïef 👍' } }],
      meanwhile: async (sent) => {
        if (sent.length < LONG.length / 2 || sent === LONG) return;
        await eventually(async () => (await heard(call)).length > LONG.length / 4);
      },
    });
    const reply = replyOf(await ask(call));
    expect(reply).toMatchObject({
      ...{ text: STORED, finish: 'calls', usage: { input_tokens: 7, output_tokens: 3 } },
      calls: [{ id: 'call_1', name: 'csv_profile', arguments: { source: 'tïef 👍' } }],
    });
    expect(await heard(call)).toBe(STORED);
    const events = await told(call);
    expect(events.length).toBeGreaterThan(2);
    expect(events.at(-1)).toMatchObject({ type: 'node_complete', data: { node: 'a~1', visit: 1 } });
    expect(events[0]?.data).toEqual({ node: 'a', visit: 1, turn: 1, attempt: 1, text: expect.any(String) });
    // Arguments of calls are the journal's; and nobody else sees any of it.
    expect(JSON.stringify(await tokens(call))).not.toContain('tïef');
    expect(await told(call, other)).toEqual([]);
  });

  it('may come whole, though asked to stream, and are told then', async () => {
    models.says({ text: 'All of it.', whole: true });
    const call = await aCall();
    expect(replyOf(await ask(call)).text).toBe('All of it.');
    expect(await tokens(call)).toEqual([{ node: 'a', visit: 1, turn: 1, attempt: 1, text: 'All of it.' }]);
  });

  it('begin anew for followers when the model is asked again, or refuses in the middle', async () => {
    const call = await aCall();
    const meanwhile = () => begun(call);
    models.says({ text: 'First I said this much.', meanwhile, breaks_off: true });
    await expect(ask(call)).rejects.toMatchObject({ code: 'UPSTREAM_UNREACHABLE', retryable: true });
    expect('First I said this much.').toContain(await heard(call));
    models.says({ text: 'Then that.' });
    await ask(call);
    expect(await heard(call)).toBe('Then that.');
    expect((await tokens(call)).map(({ attempt, reset }) => [attempt, reset])).toEqual(
      expect.arrayContaining([
        [1, undefined],
        [2, true],
      ]),
    );
    const refused = await aCall();
    models.says({
      text: 'Well, ',
      refusal: 'No.',
      meanwhile: () => begun(refused),
    });
    expect(replyOf(await ask(refused))).toMatchObject({ finish: 'refused', text: 'No.' });
    expect(await heard(refused)).toBe('No.');
  });

  it('are told no more once another attempt is at work', async () => {
    const call = await aCall();
    let takeOver: () => void = () => undefined;
    const taken = new Promise<void>((resolve) => {
      takeOver = resolve;
    });
    models.says({ text: 'the late one says', meanwhile: () => taken }, { text: 'the second' });
    const late = ask(call);
    await begun(call);
    const second = await ask(call);
    takeOver();
    expect(await late).toEqual(second);
    expect(await heard(call)).toBe('the second');
    expect((await told(call)).at(-1)?.type).toBe('node_complete');
  });

  it('are answered from the journal once they have ended', async () => {
    const call = await aCall();
    const first = await ask(call);
    models.says({ text: 'something else' });
    expect(await ask(call)).toEqual(first);
    expect(models.requests).toHaveLength(0);
  });

  it('see all that was said and done before, as the journal has it', async () => {
    models.says({ calls: [{ id: 'c1', name: 'csv_profile', arguments: { source: 'x' } }] }, { text: 'ok' });
    const first = await aCall();
    const { calls } = replyOf(await ask(first));
    expect(calls).toEqual([{ id: 'c1', name: 'csv_profile', arguments: { source: 'x' } }]);
    const made = { node: 'a~1~csv_profile', visit: 1 };
    await db.run(tenant, () =>
      visits.settle({
        ...{ execution_id: first.ref.execution_id, ...made, step: 1, item: null, type: 'tool', input: {} },
        ...{ status: 'completed', output: { rows: 406 }, error: null, started_at: new Date().toISOString() },
      }),
    );
    await ask({ ...first, visit: 2, told: [{ id: 'c1', at: made }] });
    expect(models.requests.at(-1)?.body.messages).toMatchObject([
      { role: 'system', content: 'Be brief.' },
      { role: 'user' },
      { role: 'assistant', tool_calls: [{ id: 'c1', function: { name: 'csv_profile', arguments: '{"source":"x"}' } }] },
      { role: 'tool', tool_call_id: 'c1', content: '{"rows":406}' },
    ]);
  });

  it('are told the beginning of a long result, and none of a conversation that is too long', async () => {
    const first = await aCall();
    const { execution_id } = first.ref;
    const answer = (n: number) => ({ id: `c${String(n)}`, at: { node: 'a~1~csv_profile', visit: n } });
    const settle = (visit: number, output: Json) =>
      db.run(tenant, () =>
        visits.settle({
          ...{ execution_id, node: 'a~1~csv_profile', visit, step: 1, item: null, type: 'tool', input: {} },
          ...{ status: 'completed', output, error: null, started_at: new Date().toISOString() },
        }),
      );
    await ask(first);
    await settle(1, { text: 'x'.repeat(8_000_000) });
    await ask({ ...first, visit: 2, told: [answer(1)] });
    const { content } = models.requests.at(-1)!.body.messages.at(-1) as { content: string };
    expect(content.length).toBeLessThan(100_100);
    expect(content).toMatch(/x… \(8000012 characters; the rest is left out\)$/);

    const told = Array.from({ length: 21 }, (_, i) => answer(i + 2));
    for (const { at } of told) await settle(at.visit, 'x'.repeat(99_000));
    const asked = models.requests.length;
    const tooLong = { code: 'AGENT_CONTEXT_LIMIT', retryable: false, fault: 'caller' };
    await expect(ask({ ...first, visit: 3, told })).rejects.toMatchObject(tooLong);
    await expect(ask(await aCall({ prompt: 'x'.repeat(2_100_000) }))).rejects.toMatchObject(tooLong);
    expect(models.requests).toHaveLength(asked);
  });

  const failure = async (over: Partial<ModelCall> = {}, settings: Partial<WorkerSettings> = {}) => {
    const call = await aCall(over);
    return ask(call, settings).then(
      () => undefined,
      (error: unknown) => error as { code: string; retryable: boolean; message: string; details: JsonObject },
    );
  };

  it.each([
    [{ status: 429, headers: { 'retry-after': '7' } }, 'MODEL_BUSY', true, { retry_after_ms: 7_000 }],
    [{ status: 429 }, 'MODEL_BUSY', true, {}],
    [{ status: 500, body: { error: { message: 'key sk-secret' } } }, 'MODEL_ERROR', true, { status: 500 }],
    [{ status: 503, body: 'busy' }, 'MODEL_ERROR', true, {}],
    [{ status: 400, body: { error: { code: 'context_length_exceeded' } } }, 'MODEL_REJECTED', false, {}],
    [{ status: 401 }, 'MODEL_UNAVAILABLE', false, {}],
    [{ status: 404 }, 'MODEL_UNAVAILABLE', false, {}],
    [{ status: 200, body: '{"choices": [' }, 'MODEL_ERROR', true, {}],
    [{ status: 200, body: { choices: [] } }, 'MODEL_ERROR', true, {}],
    [{ status: 302, headers: { location: 'http://169.254.169.254/' } }, 'UPSTREAM_UNREACHABLE', true, {}],
    [sse('data: {"choices": [{"delta": {"content": "x"}}]}\n\n'), 'UPSTREAM_UNREACHABLE', true, {}],
    [sse('data: {"choices": [\n\n'), 'MODEL_ERROR', true, {}],
    [sse('data: {"error": {"message": "sk-secret", "code": 429}}\n\n'), 'MODEL_BUSY', true, {}],
    [sse('data: [DONE]\n\n'), 'MODEL_ERROR', true, {}],
    [{ text: 'half of this', breaks_off: true as const }, 'UPSTREAM_UNREACHABLE', true, {}],
    [{ text: 'half of this', breaks_off: true as const, whole: true as const }, 'UPSTREAM_UNREACHABLE', true, {}],
    [{ text: 'and then nothing', meanwhile: NEVER }, 'MODEL_TIMEOUT', true, {}],
    ['hang up' as const, 'UPSTREAM_UNREACHABLE', true, {}],
    ['silence' as const, 'MODEL_TIMEOUT', true, {}],
  ])('that end with %j fail as %s', async (said, code, retryable, details) => {
    models.says(said);
    const error = await failure({ timeout_seconds: 0.5 });
    expect(error).toMatchObject({ code, retryable, details });
    expect(JSON.stringify([error?.message, error?.details])).not.toMatch(/sk-secret|169\.254/);
  });

  it.each([
    ['data: ', 5_000_000],
    [': ', 5_000_000],
    ['', 5_000_000],
    [`data: {"choices": [{"delta": {"content": "${'x'.repeat(150)}"}}]}\n\n`, 30_000],
  ])('are read no further than 4 MiB: %#', async (begin, times) => {
    models.says(sse(times === 30_000 ? begin.repeat(times) : begin + 'x'.repeat(times)));
    expect(await failure({ timeout_seconds: 60 })).toMatchObject({ code: 'MODEL_ERROR', retryable: true });
  });

  it('fail with a clear error where no endpoint or no model is set, and without a request', async () => {
    const none = { code: 'MODEL_UNAVAILABLE', retryable: false };
    expect(await failure({}, { llmServingUrl: undefined })).toMatchObject(none);
    expect(await failure({}, { llmModel: undefined })).toMatchObject(none);
    expect(models.requests).toHaveLength(0);
  });

  it('end with the cancellation of their activity', async () => {
    models.says('silence');
    const cancel = new AbortController();
    const asked = ask(await aCall(), {}, cancel.signal);
    setTimeout(() => cancel.abort(new Error('cancelled')), 100);
    await expect(asked).rejects.toThrow();
  });

  it("open the agent's own breaker, which then refuses its turns and its calls of tools", async () => {
    models.says({ status: 500 });
    const agent = await anAgent();
    for (let i = 0; i < 2; i++) await ask(await aCall({}, agent)).catch(() => undefined);
    const refused = await ask(await aCall({}, agent));
    expect(refused).toMatchObject({ kind: 'refused', key: `agent:${agent.id}`, error: { code: 'CIRCUIT_OPEN' } });
    const chain = await breakerChain(db, BREAKERS as WorkerSettings).of('tool:csv_profile', {
      ref: { tenant_id: tenant } as ToolCall['ref'],
      workflow_chain: [],
      agent: { id: agent.id } as NonNullable<ToolCall['agent']>,
    });
    const admission = await new BreakerGuard(redis).acquire(tenant, chain, { level: 1 });
    expect(admission).toMatchObject({ admitted: false, key: `agent:${agent.id}` });
  });

  it("are counted as the agent's own settings say, over its tenant's", async () => {
    models.says({ status: 500 });
    const [patient, tolerant] = [await anAgent(), await anAgent()];
    const set = (id: string, circuit_breaker: BreakerSettings) =>
      db.run(tenant, () => agents.change(id, 1, { circuit_breaker }, 'dev'));
    await set(patient.id, { failure_threshold: 3 });
    await set(tolerant.id, { ignored_errors: ['MODEL_ERROR'] });
    for (let i = 0; i < 2; i++)
      for (const agent of [patient, tolerant]) await ask(await aCall({}, agent)).catch(() => undefined);
    const codeOf = async (agent: { id: string; name: string }): Promise<string> =>
      ask(await aCall({}, agent)).then(
        (outcome) => outcome.kind,
        ({ code }: { code: string }) => code,
      );
    expect([await codeOf(patient), await codeOf(patient)]).toEqual(['MODEL_ERROR', 'refused']);
    expect(await codeOf(tolerant)).toBe('MODEL_ERROR');
  });

  it('are none of an agent that is not active, or is another tenant’s', async () => {
    const suspended = await anAgent();
    await db.run(tenant, (em) =>
      em.query(`update agf_agent_definitions set status = 'suspended' where id = $1`, [suspended.id]),
    );
    await expect(ask(await aCall({}, suspended))).rejects.toMatchObject({ code: 'AGENT_NOT_ACTIVE' });
    const foreign = await db.run(other, () => agents.create({ name: 'x', privilege_level: 5, created_by: 'x' }));
    await expect(ask(await aCall({}, foreign!))).rejects.toMatchObject({ code: 'AGENT_NOT_ACTIVE' });
    expect(models.requests).toHaveLength(0);
  });

  describe('and the calls that an agent chooses', () => {
    const callee = { kind: 'tool' as const, name: 'csv_profile', version: 1, min_privilege_level: 1 as const };
    const now = async (agent: { id: string; name: string }) => {
      const { ref } = await aCall({}, agent);
      const deny = new DenyCall(db, new AuditRepository(db), traces);
      const acting = { ...agent, version: 1, privilege_level: 5 as const, node: 'a', visit: 1, turn: 1 };
      const call = { ref, node: 'a~1~csv_profile', visit: 1, agent: acting } as unknown as ToolCall;
      return new ActingAgents(db, agents, new ElevationsRepository(db), deny).now(call, callee);
    };

    it('are made at a higher level while two people let this very version of it', async () => {
      const elevations = new ElevationsRepository(db);
      const agent = await anAgent({ tool_access: { csv_profile: { enabled: true } } });
      const granted = async (agent_version: number, seconds: number, by: readonly string[]) => {
        const asked = { agent_id: agent.id, agent_version, privilege_level: 4 as const, seconds };
        const row = await elevations.request({ ...asked, reason: 'r', requested_by: 'dev' });
        for (const actor of by) await elevations.vote({ elevation_id: row.id, actor, decision: 'approve' });
        return row.id;
      };
      const levelNow = async () => (await now(agent)).agent?.privilege_level;
      await db.run(tenant, () => granted(1, 60, ['a']));
      expect(await levelNow()).toBe(3);
      await db.run(tenant, () => granted(1, 1, ['a', 'b']));
      expect(await levelNow()).toBe(4);
      await eventually(async () => (await levelNow()) === 3, 'the elevation to end by itself');
      const id = await db.run(tenant, () => granted(1, 60, ['a', 'b']));
      expect(await levelNow()).toBe(4);
      expect(await db.run(tenant, () => elevations.revoke(id))).toBe(true);
      expect(await levelNow()).toBe(3);
      await db.run(tenant, () => granted(1, 60, ['a', 'b']));
      await db.run(tenant, () => agents.change(agent.id, 1, { instructions: 'do as you like' }, 'dev'));
      expect(await levelNow()).toBe(3);
      // One that runs on as the version before has not what the next one was granted.
      await db.run(tenant, () => granted(2, 60, ['a', 'b']));
      expect(await levelNow()).toBe(3);
    });

    it('are made at its level of now, while it may make them', async () => {
      const agent = await anAgent({ tool_access: { csv_profile: { enabled: true } } });
      expect(await now(agent)).toMatchObject({ agent: { privilege_level: 3 } });
      await db.run(tenant, (em) =>
        em.query(`update agf_agent_definitions set tool_access = '{}' where id = $1`, [agent.id]),
      );
      await expect(now(agent)).rejects.toMatchObject({ code: 'PRIVILEGE_DENIED' });
      const { items } = await db.run(tenant, () => new AuditRepository(db).list());
      expect(items[0]).toMatchObject({ outcome: 'denied', details: { agent_id: agent.id, tool: 'csv_profile' } });
    });
  });
});
