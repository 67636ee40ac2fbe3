import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { executionWorkflowId, functionBreakerKey, type Json, type WorkflowDefinition } from '@aumos/agf-domain';
import { startGraphWorkflow } from '@aumos/agf-engine/client';
import type {
  ExecutionActivities,
  ExecutionOutcome,
  ExecutionStart,
  SegmentCall,
  SegmentReached,
} from '@aumos/agf-engine/common';
import { createExecutionWorker, installRuntime } from '@aumos/agf-engine/worker';
import { defineHandler, HandlerError } from '@aumos/agf-node-worker';
import {
  ApprovalsRepository,
  AuditRepository,
  createDataSource,
  DefinitionsRepository,
  ExecutionLogRepository,
  ExecutionsRepository,
  GatePoliciesRepository,
  SegmentsRepository,
  StepsRepository,
  TenantDb,
  TracesRepository,
  VisitsRepository,
} from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { BreakerGuard } from '@aumos/agf-resilience';
import { eventually, testStack } from '@aumos/agf-testing';
import { Client } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import type { WorkerSettings } from '../src/config.js';
import { ExecutionLog } from '../src/execution/execution-log.js';
import { AdmitFunction } from '../src/function-call/admit-function.js';
import { LocalHandlers } from '../src/function-call/local-handlers.js';
import { RunSegment } from '../src/segment/run-segment.js';
import { SegmentDesk } from '../src/segment/segment-desk.js';
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

const ran: string[] = [];
const handlers = {
  add: defineHandler({
    run: ({ n }: { n?: unknown }, { effect_key, attempt }) => {
      ran.push(`${effect_key} ${String(attempt)}`);
      return Number(n) + 1;
    },
  }),
  ill: defineHandler({
    run: () => {
      throw new HandlerError('ILL', 'it is ill', { retryable: true });
    },
  }),
  unstorable: defineHandler({ run: () => '\uD800' }),
};

const chain = (handler: string, length: number, more: object = {}): WorkflowDefinition => {
  const ids = Array.from({ length }, (_, i) => `n${String(i)}`);
  return {
    schema: 'agf/workflow/v1',
    name: 'chain',
    state: { n: { default: 0 } },
    nodes: ids.map((id) => ({
      ...{ id, type: 'function', handler, placement: 'local', output: 'n', arguments: { n: { cel: 'state.n' } } },
      ...more,
    })),
    edges: [...ids, 'END'].map((target, i) => ({ source: ids[i - 1] ?? 'START', target })),
  };
};

describe('segments', () => {
  const queue = `segments-${randomUUID()}`;
  const tenant = randomUUID();
  const outcomes = new Map<string, ExecutionOutcome>();
  let database: FreshDatabase;
  let source: DataSource;
  let redis: Redis;
  let db: TenantDb;
  let connection: NativeConnection;
  let worker: { worker: Worker; done: Promise<void> };
  let segment: RunSegment;
  let journal: SegmentsRepository;
  /** how the activity runs a segment: once, unless a test says otherwise */
  let run = (call: SegmentCall): Promise<SegmentReached> => segment.run(call);

  const activities: ExecutionActivities = {
    recordStarted: async () => undefined,
    recordPaused: async () => undefined,
    recordResumed: async () => undefined,
    recordWaiting: async () => undefined,
    recordVisits: async () => undefined,
    runTool: () => Promise.reject(new Error('it has no tools')),
    callModel: () => Promise.reject(new Error('it has no agents')),
    runFunction: () => Promise.reject(new Error('all are run in segments')),
    admitFunction: () => Promise.reject(new Error('all are local')),
    settleFunction: () => Promise.reject(new Error('all are local')),
    remember: () => Promise.reject(new Error('it remembers nothing')),
    admitTurn: () => Promise.reject(new Error('it has no agents')),
    settleTurn: () => Promise.reject(new Error('it has no agents')),
    settleTool: () => Promise.reject(new Error('it calls no tools')),
    openChild: () => Promise.reject(new Error('it calls nothing')),
    describeTool: async () => null,
    deadlineOf: () => Promise.reject(new Error('it asks nobody')),
    runSegment: (call) => run(call),
    recordOutcome: async (outcome) => void outcomes.set(outcome.ref.execution_id, outcome),
  };

  beforeAll(async () => {
    installRuntime(() => undefined);
    database = await freshDatabase();
    source = await createDataSource(database.appUrl, { applicationName: 'segments' });
    redis = new Redis(testStack().redis);
    db = new TenantDb(source);
    journal = new SegmentsRepository(db);
    const [visits, audit, traces] = [new VisitsRepository(db), new AuditRepository(db), new TracesRepository(db)];
    const log = new ExecutionLog(db, new ExecutionLogRepository(db), visits, new StepsRepository(db), redis);
    const guard = new BreakerGuard(redis);
    const deny = new DenyCall(db, audit, traces);
    const consume = new ConsumeApproval(db, new ApprovalsRepository(db), audit, deny);
    const refuse = new RefuseCall(db, traces);
    const admit = new AdmitFunction(
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
    const desk = new SegmentDesk(journal, new LocalHandlers(handlers), admit, guard, log);
    segment = new RunSegment(desk);
    const { temporal: address, temporal_namespace: namespace } = testStack();
    connection = await NativeConnection.connect({ address });
    const made = await createExecutionWorker({ connection, namespace, taskQueue: queue, activities });
    worker = { worker: made, done: made.run() };
  }, 60_000);
  afterAll(async () => {
    worker.worker.shutdown();
    await worker.done;
    await connection.close();
    redis.disconnect();
    await source.destroy();
    await database.drop();
  });

  async function startOf(definition: WorkflowDefinition, over: Partial<ExecutionStart> = {}): Promise<ExecutionStart> {
    const name = `flow-${randomUUID()}`;
    const version = { definition, content_hash: name, warnings: [], published_by: 'dev' };
    const made = await db.run(tenant, () =>
      new DefinitionsRepository(db).createWithVersion({ name, created_by: 'dev' }, version),
    );
    const id = randomUUID();
    const row = {
      ...{ id, workflow_id: made!.workflow.id, workflow_version: 1, input_data: null, initiator: 'dev' },
      ...{ temporal_workflow_id: executionWorkflowId(tenant, id), initiator_level: 5 as const, initiator_roles: [] },
      correlation_id: id,
    };
    await new ExecutionsRepository(db).accept(tenant, row, { defaultLimit: 1_000 });
    return {
      ...{ tenant_id: tenant, execution_id: id, workflow_id: row.workflow_id, workflow_name: name, version: 1 },
      ...{ initiator: 'dev', definition, tools: {}, input: null, initiator_level: 5, initiator_roles: [] },
      workflow_chain: [],
      started_at: new Date().toISOString(),
      settings: {
        ...{ approval_timeout_hours: 1, auto_reject_on_timeout: false, timeout_seconds: 60, max_privilege_level: 5 },
      },
      ...over,
    };
  }

  async function execute(definition: WorkflowDefinition, over: Partial<ExecutionStart> = {}) {
    const start = await startOf(definition, over);
    const client = new Client({ connection, namespace: testStack().temporal_namespace });
    await startGraphWorkflow(client, start, { taskQueue: queue });
    const outcome = await eventually(() => outcomes.get(start.execution_id), 'the outcome');
    return { outcome, id: start.execution_id, start };
  }

  /** What the database has of an execution, as its tenant sees it. */
  const rowsOf = (id: string, as = tenant) =>
    db.run(as, async (em) => {
      const all = <T>(table: string, order: string): Promise<T[]> =>
        em.query(`select * from ${table} where execution_id = $1 order by ${order}`, [id]);
      return {
        visits: await all<{ node: string; status: string; output: Json; attempts: number }>('agf_node_visits', 'step'),
        steps: await all<{ step: number; writes: Json }>('agf_execution_steps', 'step'),
        traces: await all<{ node: string; kind: string; name: string }>('agf_execution_traces', 'started_at'),
        events: await all<{ type: string; data: { node: string } }>('agf_execution_events', 'seq'),
      };
    });

  it('leave each visit, step, trace and event, once', async () => {
    const { outcome, id } = await execute(chain('add', 3));
    expect(outcome).toMatchObject({ status: 'completed', output: { n: 3 } });
    const rows = await rowsOf(id);
    expect(rows.visits).toMatchObject([
      { node: 'n0', type: 'function', status: 'completed', output: 1, input: { n: 0 }, attempts: 1, step: 1 },
      { node: 'n1', output: 2, input: { n: 1 } },
      { node: 'n2', output: 3, input: { n: 2 } },
    ]);
    expect(rows.steps.map(({ step, writes }) => [step, writes])).toEqual([
      ...[
        [1, {}],
        [2, { n: [1] }],
        [3, { n: [2] }],
        [4, { n: [3] }],
      ],
    ]);
    expect(rows.traces).toMatchObject(['n0', 'n1', 'n2'].map((node) => ({ node, kind: 'tool', name: 'add' })));
    expect(rows.events.map(({ type, data }) => `${type} ${data.node}`)).toEqual(
      ['n0', 'n1', 'n2'].map((node) => `node_complete ${node}`),
    );
  });

  it('that were run before say what they said, and run nothing', async () => {
    const before = ran.length;
    const reached: SegmentReached[] = [];
    run = async (call) => {
      reached.push(await segment.run(call), await segment.run(call));
      return segment.run(call);
    };
    const { outcome, id } = await execute(chain('add', 4));
    run = (call) => segment.run(call);
    expect(outcome).toMatchObject({ output: { n: 4 } });
    expect(reached[1]).toEqual(reached[0]);
    expect(ran).toHaveLength(before + 4);
    const { visits, events, traces } = await rowsOf(id);
    expect([visits.length, events.length, traces.length]).toEqual([4, 4, 4]);
  });

  it('that two workers run at once come to one end: each visit counts once', async () => {
    run = async (call) => {
      const both = await Promise.allSettled([segment.run(call), segment.run(call), segment.run(call)]);
      const reached = both.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      // Who was slower is told so, and tries again.
      const last = await segment.run(call);
      for (const each of reached) expect(each).toEqual(last);
      return last;
    };
    const { outcome, id } = await execute(chain('add', 6));
    run = (call) => segment.run(call);
    expect(outcome).toMatchObject({ output: { n: 6 } });
    const { visits, events, traces, steps } = await rowsOf(id);
    expect([visits.length, events.length, traces.length, steps.length]).toEqual([6, 6, 6, 7]);
  });

  it('are nothing to another tenant', async () => {
    const other = randomUUID();
    const { id, start } = await execute(chain('add', 2));
    expect(await rowsOf(id, other)).toEqual({ visits: [], steps: [], traces: [], events: [] });
    expect(await journal.ended(other, id, [{ node: 'n0', visit: 1 }])).toEqual([]);
    expect(await journal.ended(tenant, id, [{ node: 'n0', visit: 1 }])).toHaveLength(1);
    const visit = {
      ...{ execution_id: id, node: 'n9', visit: 1, step: 1, item: null, type: 'function', input: null, output: 1 },
      ...{ status: 'completed' as const, error: null, started_at: start.started_at },
    };
    const rows = { execution_id: id, visits: [visit], steps: [], traces: [], events: [] };
    await expect(journal.record(other, rows)).rejects.toThrow(/foreign key/);
    expect((await rowsOf(id)).visits).toHaveLength(2);
  });

  it('hold privileges and breakers as anywhere', async () => {
    const denied = await execute(chain('add', 1, { privilege_level: 2 }), { initiator_level: 1 });
    expect(denied.outcome.error).toMatchObject({ code: 'PRIVILEGE_DENIED', node: 'n0' });
    const audit = await db.run(tenant, (em) =>
      em.query<{ outcome: string }[]>('select outcome from agf_audit_log where resource_id = $1', [denied.id]),
    );
    expect(audit).toEqual([{ outcome: 'denied' }]);
    const ill = chain('ill', 1, { retry: { max_attempts: 2, initial_interval_ms: 1 } });
    for (let i = 0; i < 2; i++)
      expect((await execute(ill)).outcome.error).toMatchObject({ code: 'ILL', attempts: 2, node: 'n0' });
    expect((await execute(ill)).outcome.error).toMatchObject({
      code: 'CIRCUIT_OPEN',
      details: { circuit_key: functionBreakerKey({ handler: 'ill' }) },
    });
  });

  it('refuse a result that cannot be stored', async () => {
    const { outcome, id } = await execute(chain('unstorable', 1));
    expect(outcome.error).toMatchObject({ code: 'INVALID_RESULT', node: 'n0' });
    expect((await rowsOf(id)).visits).toMatchObject([{ status: 'failed', output: null }]);
  });
});
