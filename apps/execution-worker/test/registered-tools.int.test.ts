import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { asyncLocalStorage } from '@temporalio/activity';
import { type ToolDefinition } from '@aumos/agf-domain';
import type { ToolCall, ToolCallOutcome } from '@aumos/agf-engine/common';
import { createOutgoing } from '@aumos/agf-outgoing';
import {
  AgentsRepository,
  ApprovalsRepository,
  ArtifactsRepository,
  ArtifactStore,
  AuditRepository,
  BudgetsRepository,
  ChangeConnections,
  ConnectionsRepository,
  createDataSource,
  DefinitionsRepository,
  ExecutionLogRepository,
  ExecutionsRepository,
  MemoriesRepository,
  provideContents,
  SecretBox,
  SecretsRepository,
  StepsRepository,
  TenantDb,
  ToolSecretsRepository,
  ToolsRepository,
  TracesRepository,
  VisitsRepository,
} from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { BreakerGuard, RateLimiter } from '@aumos/agf-resilience';
import { testStack, WebServer } from '@aumos/agf-testing';
import { BuiltinTools, ToolCatalog } from '@aumos/agf-tools';
import { Redis } from 'ioredis';
import { type DataSource } from 'typeorm';
import type { WorkerSettings } from '../src/config.js';
import { ExecutionLog } from '../src/execution/execution-log.js';
import { CallModels } from '../src/model-call/call-models.js';
import { ModelBudget } from '../src/model-call/model-budget.js';
import { ActingAgents } from '../src/tool-call/acting-agent.js';
import { BreakerChain } from '../src/tool-call/breaker-chain.js';
import { ConsumeApproval } from '../src/tool-call/consume-approval.js';
import { DenyCall } from '../src/tool-call/deny-call.js';
import { RefuseCall } from '../src/tool-call/refuse-call.js';
import { RunToolCall } from '../src/tool-call/run-tool-call.js';
import { StartByTool } from '../src/tool-call/start-by-tool.js';
import { ToolContexts } from '../src/tool-call/tool-contexts.js';
import { ToolRate } from '../src/tool-call/tool-rate.js';
import { anExecution } from './support/an-execution.js';

const CANARY = 'CANARY-secret-0123456789';
const SETTINGS = {
  circuitBreakerFailureThreshold: 2,
  circuitBreakerResetTimeoutSeconds: 60,
  circuitBreakerHalfOpenMaxCalls: 1,
} as WorkerSettings;

describe('calls of registered tools', () => {
  const tenant = randomUUID();
  const other = randomUUID();
  let database: FreshDatabase;
  let source: DataSource;
  let redis: Redis;
  let db: TenantDb;
  let tools: ToolsRepository;
  let secrets: ToolSecretsRepository;
  let useCase: RunToolCall;
  let web: WebServer;

  beforeAll(async () => {
    [database, web] = await Promise.all([freshDatabase(), WebServer.start()]);
    source = await createDataSource(database.appUrl, { applicationName: 'registered-tools' });
    redis = new Redis(testStack().redis);
    db = new TenantDb(source);
    tools = new ToolsRepository(db);
    const box = new SecretBox([randomBytes(32)]);
    secrets = new ToolSecretsRepository(db, box);
    const [visits, traces, audit] = [new VisitsRepository(db), new TracesRepository(db), new AuditRepository(db)];
    const log = new ExecutionLog(db, new ExecutionLogRepository(db), visits, new StepsRepository(db), redis);
    const deny = new DenyCall(db, audit, traces);
    const artifacts = new ArtifactsRepository(db);
    const store = new ArtifactStore(db, artifacts, await provideContents({ store: 'postgres' }, db, artifacts));
    useCase = new RunToolCall(
      db,
      visits,
      traces,
      new ActingAgents(db, new AgentsRepository(db), deny),
      new ConsumeApproval(db, new ApprovalsRepository(db), audit, deny),
      new BreakerGuard(redis),
      new BreakerChain(SETTINGS),
      new ToolCatalog(new BuiltinTools(), tools),
      new ToolRate(new RateLimiter(redis)),
      new ToolContexts(
        db,
        store,
        new ConnectionsRepository(db),
        new SecretsRepository(db, box),
        secrets,
        createOutgoing({ allow: { internal: ['127.0.0.1'] } }),
        new ChangeConnections(db, new ConnectionsRepository(db), secrets, audit),
        new StartByTool(
          db,
          new DefinitionsRepository(db),
          new ExecutionsRepository(db),
          new BreakerGuard(redis),
          redis,
          SETTINGS,
        ),
        new CallModels(
          db,
          new AgentsRepository(db),
          new MemoriesRepository(db),
          new ModelBudget(db, new BudgetsRepository(db), SETTINGS),
          SETTINGS,
        ),
      ),
      deny,
      new RefuseCall(db, traces),
      log,
    );
  });
  beforeEach(() => {
    web.says(() => ({ headers: { 'content-type': 'application/json' }, body: '{"ok":true}' }));
  });
  afterAll(async () => {
    redis.disconnect();
    await web.close();
    await source.destroy();
    await database.drop();
  });

  const aTool = (over: Partial<ToolDefinition> = {}): ToolDefinition => ({
    name: `t${randomUUID().replaceAll('-', '').slice(0, 12)}`,
    kind: 'http',
    description: 'Does something.',
    category: 'http',
    input_schema: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
    output_schema: { type: 'object' },
    min_privilege_level: 2,
    idempotent: true,
    timeout_seconds: 5,
    http: { method: 'POST', url: web.url('/v1/{id}'), result: { cel: 'response.json' } },
    ...over,
  });
  async function registered(over: Partial<ToolDefinition> = {}): Promise<ToolDefinition> {
    const tool = aTool(over);
    await db.run(tenant, () => tools.create(tool, 'dev'));
    return tool;
  }

  async function call(tool: string, over: Partial<ToolCall> = {}, of = tenant): Promise<ToolCallOutcome> {
    const asked: ToolCall = {
      ref: {
        ...{ tenant_id: of, execution_id: await anExecution(db, of), workflow_id: randomUUID() },
        ...{ workflow_name: 'flow', version: 1, initiator: 'dev' },
      },
      ...{ node: 'a', visit: 1, step: 1, item: null, tool, tool_version: 1, arguments: { id: 'x' } },
      ...{ need: 1, initiator_level: 5, max_privilege_level: 5 },
      ...{ workflow_chain: [], gate: null, timeout_seconds: 5, ended: [] },
      ...over,
    };
    const activity = { attempt: 1, retryPolicy: { maximumAttempts: 1 } };
    const context = {
      info: activity,
      cancellationSignal: new AbortController().signal,
      heartbeat: () => undefined,
    };
    return asyncLocalStorage.run(context as never, () => useCase.run(asked));
  }
  const everything = async (): Promise<string> => {
    const tables = ['agf_node_visits', 'agf_execution_traces', 'agf_execution_events', 'agf_audit_log', 'agf_secrets'];
    const rows = await db.run(tenant, async (em) => {
      const all: unknown[] = [];
      for (const table of tables) all.push(await em.query(`select x::text from ${table} x`));
      return all;
    });
    return JSON.stringify(rows);
  };

  it('run the version that they were started with', async () => {
    const { name, ...tool } = await registered();
    const second = { ...tool, name, http: { ...tool.http, url: web.url('/v2/{id}') } };
    await db.run(tenant, () => tools.addVersion(second, 'dev', 1));
    expect(await call(name)).toEqual({ kind: 'completed', result: { ok: true } });
    expect(await call(name, { tool_version: 2 })).toMatchObject({ kind: 'completed' });
    expect(web.requests.map(({ path }) => path)).toEqual(['/v1/x', '/v2/x']);
    await expect(call(name, { tool_version: 3 })).rejects.toMatchObject({ code: 'TOOL_NOT_FOUND' });
  });

  it('are none of a tool that is disabled, or another tenant’s', async () => {
    const { name } = await registered();
    await expect(call(name, {}, other)).rejects.toMatchObject({ code: 'TOOL_NOT_FOUND' });
    await db.run(tenant, () => tools.disable(name));
    await expect(call(name)).rejects.toMatchObject({ code: 'TOOL_NOT_FOUND' });
    expect(web.requests).toEqual([]);
  });

  it('need the level of now, which a new version may have raised, and an approval from 3 on', async () => {
    const { name, ...tool } = await registered();
    const level = { initiator_level: 2 } as const;
    await expect(call(name, { initiator_level: 1 })).rejects.toMatchObject({ code: 'PRIVILEGE_DENIED' });
    expect(await call(name, level)).toMatchObject({ kind: 'completed' });
    await db.run(tenant, () => tools.addVersion({ ...tool, name, min_privilege_level: 3 }, 'dev', 1));
    await expect(call(name, level)).rejects.toMatchObject({ code: 'PRIVILEGE_DENIED', details: { need: 3 } });
    await expect(call(name)).rejects.toMatchObject({ code: 'PRIVILEGE_DENIED', details: { approval_id: null } });
    expect(web.requests).toHaveLength(1);
  });

  it('open the breaker of their tool', async () => {
    const { name } = await registered();
    web.says(() => ({ status: 500 }));
    for (let i = 0; i < 2; i++) await expect(call(name)).rejects.toMatchObject({ code: 'UPSTREAM_STATUS' });
    expect(await call(name)).toMatchObject({ kind: 'refused', key: `tool:${name}` });
    expect(web.requests).toHaveLength(2);
  });

  it('are as many as its limit says, and the next one does no harm', async () => {
    const { name } = await registered({ rate_limit: { calls: 2, seconds: 60 } });
    const calls = await Promise.allSettled([1, 2, 3, 4].map(() => call(name)));
    const refused = calls.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    const limited = { code: 'RATE_LIMITED', fault: 'caller', retryable: true };
    expect(refused).toMatchObject([limited, limited]);
    expect(web.requests).toHaveLength(2);
  });

  it('tell what they cost', async () => {
    const { name } = await registered({ cost: 0.25 });
    await call(name);
    const { items } = await db.run(tenant, async (em) => ({
      items: await em.query<object[]>('select attributes from agf_execution_traces where name = $1', [name]),
    }));
    expect(items).toEqual([{ attributes: { version: 1, attempt: 1, cost: 0.25 } }]);
  });

  it('send secrets to their host, and keep them nowhere', async () => {
    const host = `127.0.0.1:${String(web.port)}`;
    await db.run(tenant, () => secrets.put('crm', CANARY, [host]));
    const headers = { authorization: { secret: 'crm', prefix: 'Bearer ' } };
    const http = { method: 'POST', url: web.url('/v1/{id}'), headers } as const;
    const { name } = await registered({ http });
    web.says(({ headers: got }) => ({
      headers: { 'content-type': 'application/json', etag: String(got.authorization) },
      body: JSON.stringify({ you_sent: got, again: CANARY }),
    }));
    const outcome = await call(name);
    expect(web.requests[0]?.headers.authorization).toBe(`Bearer ${CANARY}`);
    expect(JSON.stringify(outcome)).not.toContain(CANARY);
    web.says(() => ({ status: 401, body: CANARY }));
    const error: unknown = await call(name).catch((each: unknown) => each);
    expect(error).toMatchObject({ code: 'UPSTREAM_STATUS' });
    expect(JSON.stringify([error, (error as Error).message, (error as Error).stack])).not.toContain(CANARY);
    expect(await everything()).toContain(name);
    expect(await everything()).not.toContain(CANARY);
  });

  it('send no secret elsewhere, nor another tenant’s', async () => {
    await db.run(tenant, () => secrets.put('elsewhere', CANARY, ['crm.example.com']));
    await db.run(other, () => secrets.put('theirs', CANARY, [`127.0.0.1:${String(web.port)}`]));
    for (const secret of ['elsewhere', 'theirs', 'none']) {
      const http = { method: 'POST', url: web.url('/v1/{id}'), headers: { x: { secret } } } as const;
      const { name } = await registered({ http });
      await expect(call(name)).rejects.toMatchObject({ code: 'SECRET_NOT_FOUND' });
    }
    expect(web.requests).toEqual([]);
  });
});
