import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { asyncLocalStorage } from '@temporalio/activity';
import type { Json, JsonObject } from '@aumos/agf-domain';
import type { ToolCall } from '@aumos/agf-engine/common';
import { createOutgoing } from '@aumos/agf-outgoing';
import {
  ArtifactsRepository,
  ArtifactStore,
  AuditRepository,
  ChangeConnections,
  ConnectionsRepository,
  createDataSource,
  DefinitionsRepository,
  type ExecutionEntity,
  ExecutionsRepository,
  provideContents,
  QuotaRepository,
  SecretBox,
  SecretsRepository,
  TenantDb,
  ToolSecretsRepository,
} from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { BreakerGuard } from '@aumos/agf-resilience';
import { MailServer, testStack, WebServer } from '@aumos/agf-testing';
import { BuiltinTools, runTool } from '@aumos/agf-tools';
import { Redis } from 'ioredis';
import { type DataSource } from 'typeorm';
import type { WorkerSettings } from '../src/config.js';
import { StartByTool } from '../src/tool-call/start-by-tool.js';
import { ToolContexts } from '../src/tool-call/tool-contexts.js';
import { anExecution } from './support/an-execution.js';

const CANARY = 'CANARY-secret-0123456789';
const SETTINGS = {
  circuitBreakerFailureThreshold: 2,
  circuitBreakerResetTimeoutSeconds: 60,
  circuitBreakerHalfOpenMaxCalls: 1,
  maxConcurrentWorkflows: 1000,
  maxWorkflowDepth: 3,
  workflowTimeoutSeconds: 60,
} as WorkerSettings;

describe('built-in tools that need their tenant', () => {
  const other = randomUUID();
  const builtin = new BuiltinTools();
  let tenant = randomUUID();
  let database: FreshDatabase;
  let source: DataSource;
  let redis: Redis;
  let db: TenantDb;
  let secrets: ToolSecretsRepository;
  let store: ArtifactStore;
  let contexts: ToolContexts;
  let web: WebServer;
  let mail: MailServer;

  beforeAll(async () => {
    [database, web, mail] = await Promise.all([freshDatabase(), WebServer.start(), MailServer.start()]);
    source = await createDataSource(database.appUrl, { applicationName: 'builtin-tools' });
    redis = new Redis(testStack().redis);
    db = new TenantDb(source);
    const box = new SecretBox([randomBytes(32)]);
    secrets = new ToolSecretsRepository(db, box);
    const [connections, artifacts] = [new ConnectionsRepository(db), new ArtifactsRepository(db)];
    store = new ArtifactStore(db, artifacts, await provideContents({ store: 'postgres' }, db, artifacts));
    const [definitions, executions] = [new DefinitionsRepository(db), new ExecutionsRepository(db)];
    contexts = new ToolContexts(
      db,
      store,
      connections,
      new SecretsRepository(db, box),
      secrets,
      createOutgoing({ allow: { internal: ['127.0.0.1'] } }),
      new ChangeConnections(db, connections, secrets, new AuditRepository(db)),
      new StartByTool(db, definitions, executions, new BreakerGuard(redis), redis, SETTINGS),
    );
  });
  beforeEach(() => {
    tenant = randomUUID();
    web.says(() => ({ headers: { 'content-type': 'application/json' }, body: '{"id":"T-1"}' }));
    mail.follows();
  });
  afterAll(async () => {
    redis.disconnect();
    await Promise.all([web.close(), mail.close()]);
    await source.destroy();
    await database.drop();
  });

  async function aCall(over: Partial<ToolCall> = {}, of = tenant): Promise<ToolCall> {
    return {
      ref: {
        ...{ tenant_id: of, execution_id: await anExecution(db, of), workflow_id: randomUUID() },
        ...{ workflow_name: 'flow', version: 1, initiator: 'dev' },
      },
      ...{ node: 'a', visit: 1, step: 1, item: null, tool: 'x', tool_version: 1, arguments: {} },
      ...{ need: 1, initiator_level: 5, max_privilege_level: 5 },
      ...{ workflow_chain: [], gate: null, timeout_seconds: 5, ended: [] },
      ...over,
    };
  }

  /** As a call that its guards have let through. */
  async function run(name: string, args: JsonObject, by?: ToolCall | Promise<ToolCall>): Promise<Json> {
    const call = await (by ?? aCall());
    const tool = builtin.get(name);
    if (!tool) throw new Error(`no tool ${name}`);
    const activity = { info: {}, cancellationSignal: new AbortController().signal, heartbeat: () => undefined };
    return asyncLocalStorage.run(activity as never, () => runTool(tool, args, contexts.of(call)));
  }

  const everything = async (): Promise<string> => {
    const rows = await db.run(tenant, async (em) => [
      await em.query<object[]>('select x::text from agf_audit_log x'),
      await em.query<object[]>('select x::text from agf_connections x'),
      await em.query<object[]>('select x::text from agf_secrets x'),
    ]);
    return JSON.stringify(rows);
  };
  const told = async (work: Promise<unknown>): Promise<string> => {
    const said: unknown = await work.catch((error: unknown) => error);
    return JSON.stringify([said, (said as Error).message, (said as Error).stack]);
  };

  describe('connection_admin', () => {
    const host = () => `127.0.0.1:${String(web.port)}`;
    const tickets = (over: JsonObject = {}): JsonObject => ({
      ...{ name: 'tracker', kind: 'ticket' },
      settings: {
        http: {
          ...{ method: 'POST', url: web.url('/issues'), body: { cel: 'arguments.title' } },
          headers: { authorization: { secret: 'token', prefix: 'Bearer ' } },
          result: { id: { cel: 'response.json.id' } },
        },
      },
      ...over,
    });
    beforeEach(() => db.run(tenant, () => secrets.put('token', CANARY, [host()])));
    const admin = (action: string, args: JsonObject = {}) => run('connection_admin', { action, ...args });
    const ticket = () => run('ticket_create', { title: 'x', description: 'y' });

    it('creates, replaces and disables what tools then use, and says so in the audit', async () => {
      const made = await admin('create', { connection: tickets() });
      expect(made).toMatchObject({ connections: [{ name: 'tracker', kind: 'ticket', enabled: true }] });
      expect(await ticket()).toMatchObject({ id: 'T-1' });
      expect(web.requests[0]?.headers.authorization).toBe(`Bearer ${CANARY}`);
      expect(await admin('disable', { name: 'tracker' })).toMatchObject({ connections: [{ enabled: false }] });
      await expect(ticket()).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
      await expect(run('ticket_create', { title: 'x', description: 'y', connection: 'tracker' })).rejects.toMatchObject(
        {
          code: 'CONNECTION_DISABLED',
        },
      );
      await admin('replace', { name: 'tracker', connection: tickets() });
      expect(await ticket()).toMatchObject({ id: 'T-1' });
      expect(await admin('list')).toMatchObject({ connections: [{ name: 'tracker', enabled: true }] });
      const { items } = await db.run(tenant, () =>
        new AuditRepository(db).list({ resource_type: 'connection' } as never),
      );
      const changes = items.filter(({ action }) => action.startsWith('connection.'));
      expect(changes.map(({ action, actor_id }) => `${action} by ${actor_id}`).sort()).toEqual([
        ...['connection.create by dev', 'connection.disable by dev', 'connection.replace by dev'],
      ]);
    });

    it('refuses what cannot be, with a code', async () => {
      await admin('create', { connection: tickets() });
      const refusals: [string, JsonObject, string][] = [
        ['create', { connection: tickets() }, 'CONNECTION_EXISTS'],
        ['create', { connection: tickets({ kind: 'shell' }) }, 'CONNECTION_INVALID'],
        ['create', { connection: tickets({ password: CANARY }) }, 'CONNECTION_INVALID'],
        ['create', {}, 'INVALID_ARGUMENTS'],
        ['disable', { name: 'none' }, 'CONNECTION_NOT_FOUND'],
        ['replace', { name: 'none', connection: tickets() }, 'CONNECTION_NOT_FOUND'],
        ['remove', { name: 'tracker' }, 'INVALID_ARGUMENTS'],
      ];
      for (const [action, args, code] of refusals)
        await expect(admin(action, args)).rejects.toMatchObject({ code, fault: 'caller' });
    });

    it('shows no credential anywhere', async () => {
      const said = [await told(admin('create', { connection: tickets() })), await told(admin('list'))];
      web.says(({ headers }) => ({ status: 401, body: JSON.stringify(headers) }));
      said.push(await told(ticket()), await everything());
      expect(said.join()).not.toContain('CANARY');
      expect(said.join()).toContain('tracker');
    });

    it("has only its tenant's connections and secrets", async () => {
      await admin('create', { connection: tickets() });
      const theirs = () => aCall({}, other);
      expect(await run('connection_admin', { action: 'list' }, theirs())).toEqual({ connections: [] });
      for (const action of ['disable', 'replace'])
        await expect(
          run('connection_admin', { action, name: 'tracker', connection: tickets() }, theirs()),
        ).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
      const stolen = run('connection_admin', { action: 'create', connection: tickets() }, theirs());
      await expect(stolen).rejects.toMatchObject({ code: 'CONNECTION_INVALID' });
      const used = run('ticket_create', { connection: 'tracker', title: 'x', description: 'y' }, theirs());
      await expect(used).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
      expect(web.requests).toEqual([]);
    });
  });

  it('email_send sends by the connection, and attaches no artifact of another tenant', async () => {
    const settings = { host: '127.0.0.1', port: mail.port, tls: 'none', from: 'agents@acme.example' };
    await run('connection_admin', { action: 'create', connection: { name: 'mail', kind: 'smtp', settings } });
    const bytes = (async function* () {
      yield Buffer.from('a\n1\n');
    })();
    const meta = { name: 'a.csv', content_type: 'text/csv', created_by: 'dev' };
    const theirs = await store.write(other, meta, bytes, 1_000);
    const attachments = [{ source: `artifact:${theirs.id}` }];
    const message = { to: ['ann@example.com'], subject: 'Hello', text: 'x' };
    await expect(run('email_send', { ...message, attachments })).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    expect(await run('email_send', message)).toMatchObject({ accepted: ['ann@example.com'] });
    expect(mail.mails).toMatchObject([{ from: 'agents@acme.example' }]);
    await expect(run('email_send', { ...message, connection: 'mail' }, aCall({}, other))).rejects.toMatchObject({
      code: 'CONNECTION_NOT_FOUND',
    });
  });

  describe('workflow_start', () => {
    const INPUT = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    async function aWorkflow(of = tenant): Promise<string> {
      const name = `flow-${randomUUID()}`;
      const definition = { schema: 'agf/workflow/v1' as const, name, input: INPUT, nodes: [], edges: [] };
      const version = { definition, content_hash: 'h', warnings: [], published_by: 'dev' };
      await db.run(of, () => new DefinitionsRepository(db).createWithVersion({ name, created_by: 'dev' }, version));
      return name;
    }
    const row = async (started: Json, of = tenant): Promise<ExecutionEntity> => {
      const { execution_id } = started as { execution_id: string };
      const found = await db.run(of, () => new ExecutionsRepository(db).get(execution_id));
      if (!found) throw new Error('there is no such execution');
      return found;
    };
    const start = (workflow: string, by?: ToolCall, input: Json = { n: 1 }) =>
      run('workflow_start', { workflow, input }, by);

    it('starts an execution of its own, in the name of who started this one, and notes it', async () => {
      const call = await aCall({ initiator_level: 4, privilege_ceiling: 3 });
      const started = await start(await aWorkflow(), call);
      expect(await row(started)).toMatchObject({
        ...{ status: 'pending', initiator: 'dev', initiator_level: 3, input_data: { n: 1 }, holds_slot: true },
        ...{ parent_execution_id: null, started_by_execution_id: call.ref.execution_id, start_depth: 1 },
      });
      const { items } = await db.run(tenant, () =>
        new AuditRepository(db).list({ resource_id: call.ref.execution_id }),
      );
      expect(items).toMatchObject([{ action: 'workflow.start', actor_id: 'dev', outcome: 'allowed' }]);
    });

    it('has no higher level than the agent that chose it, or the member now', async () => {
      const agent = { id: randomUUID(), name: 'a', privilege_level: 2, node: 'a' } as never;
      expect(await row(await start(await aWorkflow(), await aCall({ agent })))).toMatchObject({ initiator_level: 2 });
    });

    it('starts once for each visit, by however many attempts at once', async () => {
      const [name, call] = [await aWorkflow(), await aCall()];
      const all = await Promise.all([1, 2, 3, 4, 5].map(() => start(name, call)));
      expect(new Set(all.map((each) => JSON.stringify(each))).size).toBe(1);
      expect(await start(name, call)).toEqual(all[0]);
      expect(await start(name, { ...call, visit: 2 })).not.toEqual(all[0]);
      await expect(start(name, call, { n: 2 })).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    });

    it('ends somewhere', async () => {
      const name = await aWorkflow();
      let call = await aCall();
      for (const depth of [1, 2, 3]) {
        const next = await row(await start(name, call));
        expect(next.start_depth).toBe(depth);
        call = { ...call, ref: { ...call.ref, execution_id: next.id } };
      }
      await expect(start(name, call)).rejects.toMatchObject({ code: 'DEPTH_EXCEEDED', details: { max_depth: 3 } });
    });

    it("holds one of the tenant's slots, and waits where none is left", async () => {
      const [name, call] = [await aWorkflow(), await aCall()];
      await db.run(tenant, () => new QuotaRepository(db).setLimit(1));
      const full = { code: 'QUOTA_EXCEEDED', retryable: true, fault: 'caller' };
      await expect(start(name, call)).rejects.toMatchObject(full);
    });

    it("starts none that there is not, or is another tenant's, or does not take the input", async () => {
      const theirs = await aWorkflow(other);
      for (const name of ['none', theirs])
        await expect(start(name)).rejects.toMatchObject({ code: 'UNKNOWN_WORKFLOW', fault: 'caller' });
      const name = await aWorkflow();
      await expect(run('workflow_start', { workflow: name, version: 7, input: { n: 1 } })).rejects.toMatchObject({
        code: 'UNKNOWN_WORKFLOW',
      });
      await expect(start(name, undefined, { n: 'x' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      await expect(run('workflow_start', { workflow: name, tenant_id: other })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENTS',
      });
    });
  });
});
