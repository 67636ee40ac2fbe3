import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { approvalPayloadHash, canonicalJson, type Json, sha256Hex, type WorkflowDefinition } from '@aumos/agf-domain';
import type { FunctionAdmission, FunctionCall, FunctionSettlement } from '@aumos/agf-engine/common';
import {
  ApprovalsRepository,
  AuditRepository,
  createDataSource,
  DefinitionsRepository,
  ExecutionLogRepository,
  ExecutionsRepository,
  GatePoliciesRepository,
  StepsRepository,
  TenantDb,
  TracesRepository,
  type Visit,
  VisitsRepository,
} from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { BreakerGuard } from '@aumos/agf-resilience';
import { testStack } from '@aumos/agf-testing';
import { Redis } from 'ioredis';
import { type DataSource } from 'typeorm';
import type { WorkerSettings } from '../src/config.js';
import { ExecutionLog } from '../src/execution/execution-log.js';
import { AdmitFunction } from '../src/function-call/admit-function.js';
import { loadHandlers } from '../src/function-call/load-handlers.js';
import { SettleFunction } from '../src/function-call/settle-function.js';
import { breakerChain } from './support/breaker-chain.js';
import { ConsumeApproval } from '../src/tool-call/consume-approval.js';
import { DenyCall } from '../src/tool-call/deny-call.js';
import { RefuseCall } from '../src/tool-call/refuse-call.js';

const SETTINGS = {
  circuitBreakerFailureThreshold: 2,
  circuitBreakerResetTimeoutSeconds: 60,
  circuitBreakerWindowSeconds: 60,
  circuitBreakerHalfOpenMaxCalls: 1,
} as WorkerSettings;
const DEFINITION: WorkflowDefinition = {
  schema: 'agf/workflow/v1',
  name: 'flow',
  nodes: [{ id: 'a', type: 'function', handler: 'score' }],
  edges: [
    { source: 'START', target: 'a' },
    { source: 'a', target: 'END' },
  ],
};

describe('the journal of functions', () => {
  const tenant = randomUUID();
  const other = randomUUID();
  let database: FreshDatabase;
  let source: DataSource;
  let redis: Redis;
  let db: TenantDb;
  let visits: VisitsRepository;
  let approvals: ApprovalsRepository;
  let traces: TracesRepository;
  let admit: AdmitFunction;
  let settle: SettleFunction;

  beforeAll(async () => {
    database = await freshDatabase();
    source = await createDataSource(database.appUrl, { applicationName: 'functions' });
    redis = new Redis(testStack().redis);
    db = new TenantDb(source);
    visits = new VisitsRepository(db);
    approvals = new ApprovalsRepository(db);
    traces = new TracesRepository(db);
    const audit = new AuditRepository(db);
    const guard = new BreakerGuard(redis);
    const log = new ExecutionLog(db, new ExecutionLogRepository(db), visits, new StepsRepository(db), redis);
    const deny = new DenyCall(db, audit, traces);
    const consume = new ConsumeApproval(db, approvals, audit, deny);
    const refuse = new RefuseCall(db, traces);
    admit = new AdmitFunction(
      db,
      visits,
      guard,
      breakerChain(db, SETTINGS),
      consume,
      deny,
      refuse,
      log,
      new GatePoliciesRepository(db),
    );
    settle = new SettleFunction(db, visits, traces, guard, log);
  });
  afterAll(async () => {
    redis.disconnect();
    await source.destroy();
    await database.drop();
  });

  async function anExecution(): Promise<string> {
    const name = `flow-${randomUUID()}`;
    const version = { definition: { ...DEFINITION, name }, content_hash: 'h', warnings: [], published_by: 'dev' };
    const made = await db.run(tenant, () =>
      new DefinitionsRepository(db).createWithVersion({ name, created_by: 'dev' }, version),
    );
    const id = randomUUID();
    const row = { id, workflow_id: made!.workflow.id, workflow_version: 1, input_data: null, initiator: 'dev' };
    const more = {
      temporal_workflow_id: `t/${id}`,
      initiator_level: 5,
      initiator_roles: [],
      correlation_id: id,
    } as const;
    await new ExecutionsRepository(db).accept(tenant, { ...row, ...more }, { defaultLimit: 100 });
    return id;
  }

  async function aCall(over: Partial<FunctionCall> = {}): Promise<FunctionCall> {
    return {
      ref: {
        tenant_id: tenant,
        execution_id: await anExecution(),
        workflow_id: randomUUID(),
        workflow_name: 'flow',
        version: 1,
        initiator: 'dev',
      },
      ...{ node: 'a', visit: 1, step: 1, item: null, handler: `h${randomUUID()}`.slice(0, 20), arguments: { n: 1 } },
      ...{ need: 1, initiator_level: 5, max_privilege_level: 5, workflow_chain: [], gate: null, timeout_seconds: 30 },
      ended: [],
      ...over,
    };
  }
  const auditOf = async ({ ref }: FunctionCall) => {
    const query = { resource_id: ref.execution_id, sort_order: 'asc' } as const;
    return (await db.run(tenant, () => new AuditRepository(db).list(query))).items;
  };
  const permitOf = (admission: FunctionAdmission): FunctionSettlement['permit'] => {
    if (admission.kind !== 'admitted') throw new Error(admission.kind);
    return admission.permit;
  };
  const settlement = (
    { ended: _, ...call }: FunctionCall,
    permit: FunctionSettlement['permit'],
    outcome: FunctionSettlement['outcome'],
  ): FunctionSettlement => ({ call, permit, started_at: new Date().toISOString(), outcome });
  const completed = (result: Json, attempt = 1) =>
    ({ kind: 'completed', reply: { result, attempt, duration_ms: 5 } }) as const;
  const failed = (code: string, attempts = 3) =>
    ({ kind: 'failed', error: { code, message: 'm', node: 'a', visit: 1, attempts, details: {} } }) as const;
  const rowOf = ({ ref, node, visit }: FunctionCall): Promise<Visit | null> =>
    db.run(tenant, () => visits.find({ execution_id: ref.execution_id, node, visit }));

  it('keeps what a visit came to, and answers from it ever after', async () => {
    const call = await aCall();
    const permit = permitOf(await admit.run(call));
    expect(await rowOf(call)).toMatchObject({ status: 'running', type: 'function', input: { n: 1 } });
    expect(await settle.run(settlement(call, permit, completed({ score: 7 }, 2)))).toBeNull();
    expect(await rowOf(call)).toMatchObject({ status: 'completed', output: { score: 7 }, attempts: 2 });
    expect(await admit.run(call)).toEqual({ kind: 'completed', result: { score: 7 } });
    // Whoever comes later gets what is there, and leaves no second trace.
    expect(await settle.run(settlement(call, permit, completed('late')))).toEqual({ result: { score: 7 } });
    const { items } = await db.run(tenant, () => traces.list(call.ref.execution_id));
    expect(items).toMatchObject([{ kind: 'tool', name: call.handler, duration_ms: 5, attributes: { attempt: 2 } }]);
  });

  it('admits a visit again that did not end, as after a crash', async () => {
    const call = await aCall();
    const first = permitOf(await admit.run(call));
    const second = permitOf(await admit.run(call));
    expect(second.id).not.toBe(first.id);
    await settle.run(settlement(call, second, failed('BAD')));
    expect(await rowOf(call)).toMatchObject({ status: 'failed', error: { code: 'BAD' }, attempts: 3 });
    const cancelled = await aCall();
    await settle.run(settlement(cancelled, permitOf(await admit.run(cancelled)), failed('CANCELLED', 1)));
    expect(await rowOf(cancelled)).toMatchObject({ status: 'cancelled' });
  });

  it("opens the handler's breaker by its failures alone, and by each once", async () => {
    const handler = `h${randomUUID()}`.slice(0, 20);
    const fail = async (code: string): Promise<void> => {
      const call = await aCall({ handler });
      const told = settlement(call, permitOf(await admit.run(call)), failed(code));
      await settle.run(told);
      await settle.run(told);
    };
    for (const code of ['INVALID_ARGUMENTS', 'CANCELLED', 'INVALID_ARGUMENTS', 'NO_WORKER']) await fail(code);
    const well = await aCall({ handler });
    expect((await admit.run(well)).kind).toBe('admitted');
    await fail('HANDLER_FAILED');
    const refused = await admit.run(await aCall({ handler }));
    expect(refused).toMatchObject({
      kind: 'refused',
      key: `tool:function.${handler}`,
      error: { code: 'CIRCUIT_OPEN' },
    });
    // The same name on a team's own queue is another handler.
    expect((await admit.run(await aCall({ handler, task_queue: 'agf-nodes-a' }))).kind).toBe('admitted');
  });

  it('denies what the starter may not, and what nobody approved', async () => {
    const denied = { code: 'PRIVILEGE_DENIED' };
    await expect(admit.run(await aCall({ need: 3, initiator_level: 2 }))).rejects.toMatchObject(denied);
    await expect(admit.run(await aCall({ need: 3 }))).rejects.toMatchObject(denied);
  });

  it('takes an approval once, for exactly this call, whatever repeats it', async () => {
    const call = await aCall({ need: 3 });
    const { ref, node, visit, handler: tool, arguments: args } = call;
    const { execution_id, workflow_id } = ref;
    const approval_id = randomUUID();
    const expires_at = new Date(Date.now() + 60_000).toISOString();
    const payload = { execution_id, node, visit, gate_name: 'g', tool, tool_version: null, arguments: args };
    const bound = { ...payload, privilege_level: 3 as const, expires_at };
    const payload_hash = approvalPayloadHash({ ...bound, tenant_id: tenant });
    await db.run(tenant, async () => {
      await approvals.open({
        ...bound,
        ...{ approval_id, workflow_id, payload_hash, approvals_required: 1, action_description: 'call' },
        ...{ requested_by: 'dev', auto_reject_on_timeout: true, escalation_policy: 'notify_admin' },
        temporal_workflow_id: 't',
      });
      await approvals.decide({ approval_id, actor: 'somebody', decision: 'approve' });
    });
    const gate = {
      ...{ gate_name: 'g', explicit: true, definition: { gate_name: 'g' }, scope: { state: {}, input: null } },
      approval: { approval_id, payload_hash, expires_at },
    };
    const changed = { ...call, gate, arguments: { n: 2 } };
    await expect(admit.run(changed)).rejects.toMatchObject({ code: 'PRIVILEGE_DENIED' });
    expect((await admit.run({ ...call, gate })).kind).toBe('admitted');
    expect((await admit.run({ ...call, gate })).kind).toBe('admitted');
    await expect(admit.run({ ...call, gate, visit: 2 })).rejects.toMatchObject({ code: 'PRIVILEGE_DENIED' });
    const { payload_hash: hash } = gate.approval;
    expect(await auditOf(call)).toMatchObject([
      { outcome: 'denied', details: { visit: 1 } },
      { outcome: 'allowed', details: { handler: call.handler, level: call.need, payload_hash: hash } },
      { outcome: 'denied', details: { visit: 2 } },
    ]);
  });

  it('is audited from level 3 on where nobody had to be asked, without its arguments', async () => {
    const definition = { gate_name: 'g', trigger_condition: 'false' };
    const gate = { gate_name: 'g', explicit: true, definition, scope: { state: {}, input: null } };
    const secret = { n: 1, text: `s-${randomUUID()}` };
    const calls = [await aCall({ need: 2, gate }), await aCall({ need: 3, gate, arguments: secret })];
    for (const call of calls) expect((await admit.run(call)).kind).toBe('admitted');
    expect(await auditOf(calls[0]!)).toEqual([]);
    const [entry, ...more] = await auditOf(calls[1]!);
    expect(entry).toMatchObject({ actor_id: 'dev', action: 'handler.call', outcome: 'allowed' });
    expect(entry!.details).toEqual({
      ...{ handler: calls[1]!.handler, node: 'a', visit: 1, level: 3 },
      arguments_hash: sha256Hex(canonicalJson(secret)),
    });
    expect(more).toEqual([]);
  });

  it("is one tenant's: another can neither admit into it, nor settle, nor read it", async () => {
    const call = await aCall();
    const permit = permitOf(await admit.run(call));
    const theirs = { ...call, ref: { ...call.ref, tenant_id: other } };
    await expect(admit.run(theirs)).rejects.toThrow();
    await expect(settle.run(settlement(theirs, permit, completed('stolen')))).rejects.toThrow();
    expect(await rowOf(call)).toMatchObject({ status: 'running' });
    await settle.run(settlement(call, permit, completed('mine')));
    await expect(admit.run(theirs)).rejects.toThrow();
  });

  it('refuses a result that cannot be stored, so that the visit fails and is not tried for ever', async () => {
    const call = await aCall();
    const permit = permitOf(await admit.run(call));
    const broken = settle.run(settlement(call, permit, completed('half \ud800')));
    await expect(broken).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
  });
});

describe('modules with handlers', () => {
  const path = (name: string): string => new URL(`./support/${name}`, import.meta.url).pathname;

  it('give their handlers, and say all that is wrong with them at once', async () => {
    expect(Object.keys(await loadHandlers([path('handlers.mjs')]))).toEqual(['double', 'fail']);
    const broken = loadHandlers([
      path('handlers.mjs'),
      path('broken-handlers.mjs'),
      './nowhere.mjs',
      'no-such-package',
    ]);
    await expect(broken).rejects.toMatchObject({
      problems: [
        expect.stringMatching(/broken-handlers\.mjs: "no name" is no name of a handler$/),
        expect.stringMatching(/broken-handlers\.mjs: the handler "double" is there already$/),
        expect.stringMatching(/broken-handlers\.mjs: "plain" was not made by defineHandler$/),
        expect.stringMatching(/^AUMOS_AGF_HANDLER_MODULES: \.\/nowhere\.mjs: cannot be loaded/),
        expect.stringMatching(/^AUMOS_AGF_HANDLER_MODULES: no-such-package: cannot be loaded/),
      ],
    });
    await expect(loadHandlers(['node:path'])).rejects.toThrow('node:path: exports no handlers');
  });
});
