import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { executionWorkflowId, type Json, type WorkflowDefinition } from '@aumos/agf-domain';
import { startGraphWorkflow } from '@aumos/agf-engine/client';
import type { ExecutionActivities, ExecutionOutcome } from '@aumos/agf-engine/common';
import { createExecutionWorker, installRuntime } from '@aumos/agf-engine/worker';
import {
  CommandsRepository,
  createDataSource,
  DefinitionsRepository,
  ExecutionLogRepository,
  ExecutionsRepository,
  SweepRepository,
  StepsRepository,
  TenantDb,
  VisitsRepository,
} from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { eventually, testStack } from '@aumos/agf-testing';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import { DeliverCommands } from '../src/dispatch/deliver-commands.js';
import type { DispatchExecution } from '../src/dispatch/dispatch-execution.js';
import { ExecutionLog } from '../src/execution/execution-log.js';
import type { TemporalClient } from '../src/temporal/temporal-client.js';

/** Takes signals one by one until one says so. */
const collector: WorkflowDefinition = {
  schema: 'agf/workflow/v1',
  name: 'collector',
  state: { got: { reducer: 'append' } },
  nodes: [{ id: 'w', type: 'wait', signal: 'more', output: 'got' }],
  edges: [
    { source: 'START', target: 'w' },
    { source: 'w', target: 'END', condition: 'state.got[size(state.got) - 1] == "end"' },
    { source: 'w', target: 'w', otherwise: true },
  ],
};

describe('commands to executions', () => {
  const queue = `commands-${randomUUID()}`;
  const outcomes = new Map<string, ExecutionOutcome>();
  let database: FreshDatabase;
  let app: DataSource;
  let sweeper: DataSource;
  let redis: Redis;
  let connection: NativeConnection;
  let worker: { worker: Worker; done: Promise<void> };
  let db: TenantDb;
  let executions: ExecutionsRepository;
  let commands: CommandsRepository;
  let tenant: string;
  let id: string;

  beforeAll(async () => {
    installRuntime(() => undefined);
    database = await freshDatabase();
    app = await createDataSource(database.appUrl, { applicationName: 'commands' });
    sweeper = await createDataSource(database.sweeperUrl, { applicationName: 'commands', poolSize: 1 });
    redis = new Redis(testStack().redis);
    const { temporal: address, temporal_namespace: namespace } = testStack();
    connection = await NativeConnection.connect({ address });
    const made = await createExecutionWorker({ connection, namespace, taskQueue: queue, activities });
    worker = { worker: made, done: made.run() };
    db = new TenantDb(app);
    [executions, commands] = [new ExecutionsRepository(db), new CommandsRepository(db)];
  }, 60_000);
  afterAll(async () => {
    worker.worker.shutdown();
    await worker.done;
    await connection.close();
    redis.disconnect();
    await Promise.all([app.destroy(), sweeper.destroy()]);
    await database.drop();
  });

  beforeEach(async () => {
    tenant = randomUUID();
    const name = `flow-${randomUUID()}`;
    const version = { definition: collector, content_hash: name, warnings: [], published_by: 'dev' };
    id = randomUUID();
    const workflow = await db.run(tenant, () =>
      new DefinitionsRepository(db).createWithVersion({ name, created_by: 'dev' }, version),
    );
    const execution = {
      id,
      workflow_id: workflow!.workflow.id,
      workflow_version: 1,
      input_data: null,
      temporal_workflow_id: executionWorkflowId(tenant, id),
      initiator: 'dev',
      initiator_level: 3,
      initiator_roles: [],
      correlation_id: id,
    } as const;
    await executions.accept(tenant, execution, { defaultLimit: 100 });
  });

  /** Nothing but what the workflow says of its end. */
  const activities: ExecutionActivities = {
    recordStarted: async () => undefined,
    recordPaused: async () => undefined,
    recordResumed: async () => undefined,
    recordWaiting: async () => undefined,
    recordVisits: async () => undefined,
    runTool: async () => ({ kind: 'completed', result: null }),
    runFunction: async () => ({ kind: 'completed', result: null }),
    runSegment: () => Promise.reject(new Error('it has no functions')),
    admitFunction: async () => ({ kind: 'completed', result: null }),
    settleFunction: async () => null,
    settleTool: () => Promise.reject(new Error('it calls no tool of a team')),
    callModel: () => Promise.reject(new Error('it asks no model')),
    remember: () => Promise.reject(new Error('it remembers nothing')),
    admitTurn: () => Promise.reject(new Error('it has no agents')),
    settleTurn: () => Promise.reject(new Error('it has no agents')),
    openChild: () => Promise.reject(new Error('it calls nothing')),
    describeTool: async () => null,
    deadlineOf: () => Promise.reject(new Error('it asks nobody')),
    recordOutcome: async (outcome) => void outcomes.set(outcome.ref.execution_id, outcome),
  };
  const run = <T>(fn: () => Promise<T>): Promise<T> => db.run(tenant, fn);
  const client = (): Client => new Client({ connection, namespace: testStack().temporal_namespace });
  const begin = async (): Promise<void> => {
    await startGraphWorkflow(
      client(),
      {
        tenant_id: tenant,
        execution_id: id,
        workflow_id: randomUUID(),
        workflow_name: 'collector',
        version: 1,
        initiator: 'dev',
        definition: collector,
        tools: {},
        input: null,
        initiator_level: 3,
        initiator_roles: [],
        workflow_chain: [],
        started_at: new Date().toISOString(),
        settings: {
          approval_timeout_hours: 1,
          auto_reject_on_timeout: false,
          timeout_seconds: 60,
          max_privilege_level: 5,
        },
      },
      { taskQueue: queue },
    );
  };
  const running = async (): Promise<void> => {
    await begin();
    await run(() => executions.markRunning(id));
  };
  const deliver = (via: Client = client(), dispatched: string[] = []): DeliverCommands => {
    const log = new ExecutionLog(
      db,
      new ExecutionLogRepository(db),
      new VisitsRepository(db),
      new StepsRepository(db),
      redis,
    );
    const dispatch = {
      run: async (_: string, execution: string) => {
        dispatched.push(execution);
        await begin();
      },
    } as unknown as DispatchExecution;
    return new DeliverCommands(db, executions, commands, { client: via } as TemporalClient, dispatch, log);
  };
  const signal = (payload: Json): Promise<unknown> =>
    run(() => commands.signal(id, { name: 'more', payload, takers: ['w'] }, 'dev'));
  const told = async (): Promise<string[]> =>
    (await run(() => new ExecutionLogRepository(db).after(id, 0, 99))).map(({ type }) => type);
  const output = async (): Promise<Json> => (await eventually(() => outcomes.get(id), 'the outcome')).output;

  it('are delivered in their order and taken once, however many deliver them at once', async () => {
    await running();
    for (const payload of [1, 2, 3, 4, 5, 'end']) await signal(payload);
    await Promise.all(Array.from({ length: 4 }, () => deliver().run(tenant, id)));
    expect(await output()).toEqual({ got: [1, 2, 3, 4, 5, 'end'] });
    expect(await run(() => commands.next(id))).toBeNull();
    expect(await told()).toEqual(Array.from({ length: 6 }, () => 'signal'));
  });

  it('survive Temporal being away: the sweep finds them', async () => {
    await running();
    await signal('first');
    await signal('end');
    const away = new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }) });
    await expect(deliver(away).run(tenant, id)).rejects.toThrow();
    expect(await told()).toEqual([]);
    const found = await new SweepRepository(sweeper).undeliveredCommands(new Date(Date.now() + 60_000));
    expect(found).toEqual([{ tenant_id: tenant, id }]);
    for (const left of found) await deliver().run(left.tenant_id, left.id);
    expect(await output()).toEqual({ got: ['first', 'end'] });
    expect(await new SweepRepository(sweeper).undeliveredCommands(new Date(Date.now() + 60_000))).toEqual([]);
  });

  it('are taken once when a worker died between telling and noting it', async () => {
    await running();
    await signal(1);
    const first = await run(() => commands.next(id));
    const handle = client().workflow.getHandle(executionWorkflowId(tenant, id));
    await handle.signal('signal', { id: first!.id, name: 'more', payload: 1 });
    await signal('end');
    await deliver().run(tenant, id);
    expect(await output()).toEqual({ got: [1, 'end'] });
  });

  it('to what has not begun are preceded by its start', async () => {
    const dispatched: string[] = [];
    await signal('end');
    await deliver(client(), dispatched).run(tenant, id);
    expect(dispatched).toEqual([id]);
    expect(await output()).toEqual({ got: ['end'] });
  });

  it('to what has ended meanwhile are nobody’s, and are not told of', async () => {
    await running();
    await signal(1);
    await client().workflow.getHandle(executionWorkflowId(tenant, id)).terminate();
    await run(() => executions.finish(id, { status: 'failed' }));
    await deliver().run(tenant, id);
    expect(await run(() => commands.next(id))).toBeNull();
    expect(await told()).toEqual([]);
  });

  it('are not delivered for another tenant', async () => {
    await running();
    await signal('end');
    await deliver().run(randomUUID(), id);
    expect(await run(() => commands.next(id))).not.toBeNull();
    await deliver().run(tenant, id);
    await output();
  });
});
