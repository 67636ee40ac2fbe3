import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  approvalPayloadHash,
  childExecutionId,
  type ChainLink,
  type JsonObject,
  sha256Hex,
  type WorkflowDefinition,
} from '@aumos/agf-domain';
import type { ChildCall, ChildOpening, ExecutionRef, GateContext } from '@aumos/agf-engine/common';
import { EventPublisher, Nudges } from '@aumos/agf-events';
import {
  AgentsRepository,
  ApprovalsRepository,
  BreakerSettingsRepository,
  ArtifactsRepository,
  AuditRepository,
  createDataSource,
  DefinitionsRepository,
  ExecutionLogRepository,
  ExecutionsRepository,
  FamiliesRepository,
  GatePoliciesRepository,
  OutboxRepository,
  PausesRepository,
  PayloadStore,
  provideContents,
  StepsRepository,
  TenantDb,
  ToolsRepository,
  TracesRepository,
  VisitsRepository,
} from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { BreakerGuard } from '@aumos/agf-resilience';
import { testStack } from '@aumos/agf-testing';
import { BuiltinTools, ToolCatalog } from '@aumos/agf-tools';
import { Logger } from '@nestjs/common';
import { Client, Connection } from '@temporalio/client';
import { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import { AgentsOf } from '../src/dispatch/agents-of.js';
import { CalledVersions } from '../src/children/called-version.js';
import { NoteChild } from '../src/children/note-child.js';
import { OpenChild } from '../src/children/open-child.js';
import type { WorkerSettings } from '../src/config.js';
import { AncestorPauses } from '../src/execution/ancestor-pauses.js';
import { CloseAbandoned } from '../src/execution/close-abandoned.js';
import { CloseOrphan } from '../src/execution/close-orphan.js';
import { ExecutionLog } from '../src/execution/execution-log.js';
import { RecordOutcome } from '../src/execution/record-outcome.js';
import { RecordPaused } from '../src/execution/record-paused.js';
import { RecordResumed } from '../src/execution/record-resumed.js';
import type { TemporalClient } from '../src/temporal/temporal-client.js';
import { breakerConfigs } from './support/breaker-chain.js';

const SETTINGS = {
  maxWorkflowDepth: 2,
  circuitBreakerFailureThreshold: 5,
  circuitBreakerResetTimeoutSeconds: 60,
  circuitBreakerWindowSeconds: 60,
  circuitBreakerHalfOpenMaxCalls: 3,
} as WorkerSettings;

const flow = (name: string, node: JsonObject = {}): WorkflowDefinition => ({
  schema: 'agf/workflow/v1',
  name,
  input: { type: 'object', required: ['n'] },
  nodes: [{ id: 'call', type: 'workflow', workflow: 'child', ...node }],
  edges: [
    { source: 'START', target: 'call' },
    { source: 'call', target: 'END' },
  ],
  circuit_breaker: { failure_threshold: 1 },
});

describe('a child', () => {
  let database: FreshDatabase;
  let source: DataSource;
  let redis: Redis;
  let temporal: Connection;
  let db: TenantDb;
  let payloads: PayloadStore;
  let tenant: string;
  let parent: { workflow: string; execution: string };
  let child: string;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await freshDatabase();
    source = await createDataSource(database.appUrl, { applicationName: 'open-child-test', poolSize: 10 });
    redis = new Redis(testStack().redis);
    temporal = await Connection.connect({ address: testStack().temporal });
    db = new TenantDb(source);
    const artifacts = new ArtifactsRepository(db);
    payloads = new PayloadStore(db, await provideContents({ store: 'postgres' }, db, artifacts));
  }, 120_000);
  afterAll(async () => {
    redis.disconnect();
    await temporal.close();
    await source.destroy();
    await database.drop();
  });

  const run = <T>(fn: () => Promise<T>): Promise<T> => db.run(tenant, fn);
  const publish = async (definition: WorkflowDefinition, called_versions = {}): Promise<string> => {
    const version = { definition, content_hash: 'h', warnings: [], published_by: 'dev', called_versions };
    const { name } = definition;
    const definitions = new DefinitionsRepository(db);
    const made = await run(() => definitions.createWithVersion({ name, created_by: 'dev' }, version));
    if (made) return made.workflow.id;
    const known = (await run(() => definitions.findByName(name)))!;
    await run(() => definitions.addVersion(known.id, version));
    return known.id;
  };

  beforeEach(async () => {
    tenant = randomUUID();
    child = await publish(flow('child'));
    const workflow = await publish(flow('parent'), { child: 1 });
    const execution = randomUUID();
    await new ExecutionsRepository(db).accept(
      tenant,
      {
        id: execution,
        workflow_id: workflow,
        workflow_version: 1,
        input_data: null,
        temporal_workflow_id: `${tenant}/${execution}`,
        initiator: 'starter',
        initiator_level: 4,
        initiator_roles: ['developer'],
        correlation_id: 'request',
      },
      { defaultLimit: 100 },
    );
    await run(() => new ExecutionsRepository(db).markRunning(execution));
    parent = { workflow, execution };
  });

  const link = (): ChainLink => ({
    key: `workflow:${parent.workflow}`,
    mode: 'check',
    config: { failure_threshold: 1, window_seconds: 60, reset_timeout_seconds: 60, half_open_max_calls: 1 },
  });
  const ref = (): ExecutionRef => ({
    tenant_id: tenant,
    execution_id: parent.execution,
    workflow_id: parent.workflow,
    workflow_name: 'parent',
    version: 1,
    initiator: 'starter',
  });
  const call = (more: Partial<ChildCall> = {}): ChildCall => ({
    ref: ref(),
    ...{ node: 'call', visit: 1, step: 1, item: null, workflow: 'child', input: { n: 1 } },
    need: 1,
    initiator_level: 4,
    initiator_roles: ['developer'],
    workflow_chain: [link()],
    settings: {
      ...{ approval_timeout_hours: 1, auto_reject_on_timeout: false, timeout_seconds: 60, max_privilege_level: 5 },
    },
    gate: null,
    ended: [],
    ...more,
  });
  const parts = () => {
    const [executions, visits, pauses] = [
      new ExecutionsRepository(db),
      new VisitsRepository(db),
      new PausesRepository(db),
    ];
    const log = new ExecutionLog(db, new ExecutionLogRepository(db), visits, new StepsRepository(db), redis);
    const guard = new BreakerGuard(redis);
    const events = new EventPublisher(db, new OutboxRepository(db), new Nudges());
    const above = new AncestorPauses(pauses, events, log);
    const outcome = new RecordOutcome(db, executions, events, log, guard, above, payloads);
    const families = new FamiliesRepository(db);
    const close = new CloseAbandoned(db, executions, new DefinitionsRepository(db), families, outcome);
    const client = new Client({ connection: temporal, namespace: testStack().temporal_namespace });
    return {
      open: new OpenChild(
        db,
        executions,
        visits,
        new ApprovalsRepository(db),
        new CalledVersions(new DefinitionsRepository(db)),
        guard,
        breakerConfigs(db, SETTINGS),
        new AgentsOf(new AgentsRepository(db)),
        new ToolCatalog(new BuiltinTools(), new ToolsRepository(db)),
        new NoteChild(db, new AuditRepository(db), new TracesRepository(db)),
        log,
        new GatePoliciesRepository(db),
        SETTINGS,
      ),
      guard,
      executions,
      visits,
      pauses,
      outcome,
      paused: new RecordPaused(db, pauses, events, log, above),
      resumed: new RecordResumed(db, pauses, log, above),
      orphan: new CloseOrphan(db, executions, { client } as TemporalClient, close),
    };
  };
  const open = (more: Partial<ChildCall> = {}): Promise<ChildOpening> => parts().open.run(call(more));
  const opened = async (more: Partial<ChildCall> = {}) => {
    const opening = await open(more);
    if (opening.kind !== 'opened') throw new Error(JSON.stringify(opening));
    return opening.start;
  };
  const rows = () => run(() => parts().executions.list({ parent_execution_id: parent.execution }));
  const get = (id: string) => run(() => parts().executions.get(id));

  it('is written with all that it inherits, in the version recorded at publish', async () => {
    await publish({ ...flow('child'), description: 'newer' });
    const start = await opened();
    expect(start).toMatchObject({
      execution_id: childExecutionId(parent.execution, 'call', 1),
      workflow_id: child,
      version: 1,
      initiator: 'starter',
      privilege_ceiling: 4,
      ancestors: [{ execution_id: parent.execution, workflow_id: parent.workflow, node: 'call', visit: 1 }],
    });
    expect(start.workflow_chain.map(({ key }) => key)).toEqual([`workflow:${child}`, `workflow:${parent.workflow}`]);
    expect(await get(start.execution_id)).toMatchObject({
      status: 'pending',
      holds_slot: false,
      parent_execution_id: parent.execution,
      root_execution_id: parent.execution,
      parent_node: 'call',
      parent_visit: 1,
      depth: 1,
      privilege_ceiling: 4,
      correlation_id: 'request',
      breaker_permit: { links: [{ key: `workflow:${child}` }] },
    });
    const visit = await run(() => parts().visits.find({ execution_id: parent.execution, node: 'call', visit: 1 }));
    expect(visit).toMatchObject({ status: 'running', type: 'workflow', child_execution_id: start.execution_id });
    expect((await opened({ visit: 2, version: 2 })).definition.description).toBe('newer');
  });

  it('is one, however often and at once it is asked for', async () => {
    const starts = await Promise.all(Array.from({ length: 5 }, () => opened()));
    expect(new Set(starts.map(({ execution_id }) => execution_id)).size).toBe(1);
    expect((await rows()).total).toBe(1);
  });

  it('that has ended answers with its end', async () => {
    const { execution_id } = await opened();
    await run(() => parts().executions.finish(execution_id, { status: 'completed', output: { done: true } }));
    expect(await open()).toEqual({ kind: 'ended', result: { output: { done: true }, compensations: [] } });
    const second = await opened({ visit: 2 });
    const error = { code: 'BROKEN', message: 'b', node: 'x', visit: 1, attempts: 1, details: {} };
    await run(() => parts().executions.finish(second.execution_id, { status: 'failed', error }));
    expect(await open({ visit: 2 })).toMatchObject({
      kind: 'failed',
      error: { code: 'CHILD_FAILED', node: 'call', visit: 2, details: { cause: { code: 'BROKEN' } } },
    });
  });

  it('that failed stays what it was when its visit is tried again: each attempt has its own', async () => {
    const first = await opened();
    const error = { code: 'BROKEN', message: 'b', node: 'x', visit: 1, attempts: 1, details: {} };
    await run(() => parts().executions.finish(first.execution_id, { status: 'failed', error }));
    const second = await opened({ attempt: 2 });
    expect(second.execution_id).toBe(childExecutionId(parent.execution, 'call', 1, 2));
    expect((await opened({ attempt: 2 })).execution_id).toBe(second.execution_id);
    expect((await rows()).items.map(({ parent_attempt, status }) => [parent_attempt, status]).sort()).toEqual([
      [1, 'failed'],
      [2, 'pending'],
    ]);
    const visit = await run(() => parts().visits.find({ execution_id: parent.execution, node: 'call', visit: 1 }));
    expect(visit).toMatchObject({ status: 'running', child_execution_id: second.execution_id });
  });

  it.each<[string, Partial<ChildCall>, string]>([
    ['a workflow that is not there', { workflow: 'nobody' }, 'UNKNOWN_WORKFLOW'],
    ['a version that is not there', { version: 9 }, 'UNKNOWN_WORKFLOW'],
    ['input that does not fit', { input: {} }, 'INVALID_INPUT'],
    ['a level that the parent lacks', { need: 5 }, 'PRIVILEGE_DENIED'],
    ['a level that its ceiling denies', { need: 2, privilege_ceiling: 1 }, 'PRIVILEGE_DENIED'],
    ['a level with which people must be asked', { need: 3 }, 'PRIVILEGE_DENIED'],
    ['what is too large', { input: { n: 'x'.repeat(9_000_000) } }, 'PAYLOAD_TOO_LARGE'],
  ])('is not started for %s', async (_, more, code) => {
    expect(await open(more)).toMatchObject({ kind: 'failed', error: { code, node: 'call', visit: 1 } });
    expect((await rows()).total).toBe(0);
  });

  it('is not started below too many, or by a parent that has ended or is another tenant’s', async () => {
    const above = { workflow_id: randomUUID(), node: 'x', visit: 1 };
    const ancestors = [randomUUID(), randomUUID()].map((execution_id) => ({ ...above, execution_id }));
    expect(await open({ ref: { ...ref(), ancestors } })).toMatchObject({ error: { code: 'DEPTH_EXCEEDED' } });
    expect(await open({ ref: { ...ref(), tenant_id: randomUUID() } })).toMatchObject({ error: { code: 'CANCELLED' } });
    await run(() => parts().executions.finish(parent.execution, { status: 'failed' }));
    expect(await open()).toMatchObject({ error: { code: 'CANCELLED' } });
    expect((await rows()).total).toBe(0);
  });

  it('is started by the approval of exactly this call, and by no other', async () => {
    const approval_id = randomUUID();
    const expires_at = '2036-01-01T00:00:00.000Z';
    const what = { tool: null, tool_version: null, arguments: { n: 1 }, privilege_level: 3 as const };
    const place = { execution_id: parent.execution, node: 'call', visit: 1, gate_name: 'platform' };
    const payload_hash = approvalPayloadHash({ tenant_id: tenant, ...place, ...what, expires_at });
    const approvals = new ApprovalsRepository(db);
    await run(async () => {
      await approvals.open({
        ...{ approval_id, ...place, ...what, payload_hash, expires_at, workflow_id: parent.workflow },
        ...{ action_description: 'a', approvals_required: 1, requested_by: 'starter', auto_reject_on_timeout: false },
        ...{ escalation_policy: 'none', temporal_workflow_id: 't' },
      });
      await approvals.decide({ approval_id, actor: 'boss', decision: 'approve' });
    });
    const gate: GateContext = {
      gate_name: 'platform',
      explicit: false,
      definition: { gate_name: 'platform', trigger_condition: 'privilege_level >= 3' },
      scope: { state: {}, input: null },
      approval: { approval_id, payload_hash, expires_at },
    };
    expect(await open({ need: 3, gate, input: { n: 2 } })).toMatchObject({ error: { code: 'PRIVILEGE_DENIED' } });
    expect((await rows()).total).toBe(0);
    await opened({ need: 3, gate });
    expect(await run(() => approvals.get(approval_id))).toMatchObject({
      status: 'consumed',
      consumed_by: `${parent.execution}/call/1`,
    });
    await opened({ need: 3, gate });
    expect(await open({ need: 3, gate, visit: 2 })).toMatchObject({ error: { code: 'PRIVILEGE_DENIED' } });
  });

  it('is audited from level 3 on where nobody had to be asked', async () => {
    const definition = { gate_name: 'g', trigger_condition: 'false' };
    const gate: GateContext = { gate_name: 'g', explicit: true, definition, scope: { state: {}, input: null } };
    await opened({ need: 3, gate });
    const { items } = await run(() => new AuditRepository(db).list({ resource_id: parent.execution }));
    expect(items).toMatchObject([
      { action: 'workflow.call', outcome: 'allowed', details: { level: 3, input_hash: sha256Hex('{"n":1}') } },
    ]);
  });

  it.each(['child', 'parent'] as const)('is refused while the breaker of its %s is open', async (whose) => {
    const { guard } = parts();
    const key = `workflow:${whose === 'child' ? child : parent.workflow}` as const;
    const admission = await guard.acquire(tenant, [{ ...link(), key, mode: 'count' }], { level: 1 });
    if (admission.admitted) await guard.report(tenant, admission.permit, 'failure');
    expect(await open()).toMatchObject({ kind: 'refused', key, error: { code: 'CIRCUIT_OPEN', node: 'call' } });
    expect((await rows()).total).toBe(0);
  });

  it("opens its own breaker by its definition's settings over its tenant's, and none above it", async () => {
    const { guard, outcome } = parts();
    await run(() => new BreakerSettingsRepository(db).put({ failure_threshold: 9, ignored_errors: ['LATE'] }, 'boss'));
    const fails = async (visit: number, code: string): Promise<void> => {
      const ref = await opened({ visit });
      const error = { code, message: 'x', node: null, visit: null, attempts: 1, details: {} };
      await outcome.run({
        ref,
        status: 'failed',
        output: null,
        error,
        breaker_outcome: 'failure',
        ran_ms: 5,
        ended: [],
      });
    };
    await fails(1, 'LATE');
    await fails(2, 'LATE');
    await fails(3, 'BROKEN');
    expect(await open({ visit: 4 })).toMatchObject({ kind: 'refused', key: `workflow:${child}` });
    const states = await guard.states(tenant, [`workflow:${child}`, `workflow:${parent.workflow}`]);
    expect(states.map(({ state }) => state)).toEqual(['open', 'closed']);
  });

  it('opens its own breaker by how long it ran, though it completed', async () => {
    const slow = { slow_call_rate: 1, slow_call_seconds: 1, minimum_calls: 2 };
    await run(() => new BreakerSettingsRepository(db).put(slow, 'boss'));
    const completes = async (visit: number, ran_ms: number): Promise<void> => {
      const ref = await opened({ visit });
      const ended = { ref, output: null, error: null, ended: [] };
      await parts().outcome.run({ ...ended, status: 'completed', breaker_outcome: 'success', ran_ms });
    };
    await completes(1, 1_500);
    await completes(2, 2_500);
    expect(await open({ visit: 3 })).toMatchObject({ kind: 'refused', key: `workflow:${child}` });
  });

  it('pauses those above it while people are asked, and tells of it once each', async () => {
    const start = await opened();
    await run(() => parts().executions.markRunning(start.execution_id));
    const told = { ref: start, approval_id: randomUUID(), gate_name: 'g', node: 'load', ended: [] };
    const status = async (id: string) => (await get(id))?.status;
    await parts().paused.run(told);
    await parts().paused.run(told);
    expect([await status(start.execution_id), await status(parent.execution)]).toEqual(['paused_hitl', 'paused_hitl']);
    const events = await run(() =>
      db.em.query<{ aggregate_id: string }[]>(
        `select aggregate_id from agf_outbox where event_type = 'agf.workflow.paused_hitl'`,
      ),
    );
    expect(events.map(({ aggregate_id }) => aggregate_id).sort()).toEqual(
      [start.execution_id, parent.execution].sort(),
    );
    await parts().resumed.run(told);
    expect([await status(start.execution_id), await status(parent.execution)]).toEqual(['running', 'running']);
  });

  it('leaves nobody above it waiting when it ends while people are asked', async () => {
    const start = await opened();
    await run(() => parts().executions.markRunning(start.execution_id));
    await parts().paused.run({ ref: start, approval_id: randomUUID(), gate_name: 'g', node: 'load', ended: [] });
    const ended = { ref: start, output: null, error: null, ended: [] };
    await parts().outcome.run({ ...ended, status: 'cancelled', breaker_outcome: 'ignored' });
    expect(await get(parent.execution)).toMatchObject({ status: 'running', open_approvals: 0, holds_slot: true });
  });

  it('that nobody started ends with its parent, and not before', async () => {
    const { execution_id } = await opened();
    await parts().orphan.run(tenant, execution_id);
    expect((await get(execution_id))?.status).toBe('pending');
    await run(() => parts().executions.finish(parent.execution, { status: 'failed' }));
    await parts().orphan.run(tenant, execution_id);
    expect(await get(execution_id)).toMatchObject({ status: 'cancelled', error_details: { code: 'CANCELLED' } });
  });
});
