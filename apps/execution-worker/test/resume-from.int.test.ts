import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json, WorkflowDefinition } from '@aumos/agf-domain';
import { EventPublisher, Nudges } from '@aumos/agf-events';
import {
  ArtifactsRepository,
  createDataSource,
  DefinitionsRepository,
  type ExecutionEntity,
  ExecutionLogRepository,
  type ExecutionOrigin,
  ExecutionsRepository,
  type NewStep,
  OutboxRepository,
  PausesRepository,
  PayloadStore,
  provideContents,
  StepsRepository,
  TenantDb,
  VisitsRepository,
  type WorkflowVersionEntity,
} from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { BreakerGuard } from '@aumos/agf-resilience';
import { testStack } from '@aumos/agf-testing';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import { RefuseStart } from '../src/dispatch/refuse-start.js';
import { ResumeFrom } from '../src/dispatch/resume-from.js';
import { AncestorPauses } from '../src/execution/ancestor-pauses.js';
import { ExecutionLog } from '../src/execution/execution-log.js';
import { RecordOutcome } from '../src/execution/record-outcome.js';

const DEFINITION: WorkflowDefinition = {
  schema: 'agf/workflow/v1',
  name: 'resumed',
  state: { n: {}, log: { reducer: 'append' } },
  nodes: [
    { id: 'first', type: 'transform', set: { n: 1 } },
    { id: 'load', type: 'tool', tool: 'table_load', arguments: {} },
    { id: 'note', type: 'transform', set: { n: 2 } },
  ],
  edges: [
    { source: 'START', target: 'first' },
    { source: 'first', target: 'load' },
    { source: 'first', target: 'note' },
    { source: 'load', target: 'END' },
    { source: 'note', target: 'END' },
  ],
};
const item = (visit: number) => ({ visit, item: { edge: 1, index: visit - 1, value: visit } });
const STEPS: NewStep[] = [
  { step: 1, due: { first: [{ visit: 1, item: null }] }, joins: {}, ended: false, writes: {} },
  {
    step: 2,
    due: { load: [item(1), item(2), item(3)], note: [{ visit: 1, item: null }] },
    joins: {},
    ended: false,
    writes: { n: [1], log: ['a'] },
  },
];

describe('an execution made of another one', () => {
  const tenant = randomUUID();
  let database: FreshDatabase;
  let app: DataSource;
  let db: TenantDb;
  let redis: Redis;
  let executions: ExecutionsRepository;
  let steps: StepsRepository;
  let visits: VisitsRepository;
  let resume: ResumeFrom;
  let refuse: RefuseStart;
  let version: WorkflowVersionEntity;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await freshDatabase();
    app = await createDataSource(database.appUrl, { applicationName: 'resume' });
    redis = new Redis(testStack().redis, { lazyConnect: true });
    db = new TenantDb(app);
    executions = new ExecutionsRepository(db);
    steps = new StepsRepository(db);
    visits = new VisitsRepository(db);
    resume = new ResumeFrom(steps, visits);
    const artifacts = new ArtifactsRepository(db);
    const payloads = new PayloadStore(db, await provideContents({ store: 'postgres' }, db, artifacts));
    const log = new ExecutionLog(db, new ExecutionLogRepository(db), visits, steps, redis);
    const events = new EventPublisher(db, new OutboxRepository(db), new Nudges());
    const above = new AncestorPauses(new PausesRepository(db), events, log);
    refuse = new RefuseStart(new RecordOutcome(db, executions, events, log, new BreakerGuard(redis), above, payloads));
    const published = { definition: DEFINITION, content_hash: 'h', warnings: [], published_by: 'dev' };
    const made = await run(() =>
      new DefinitionsRepository(db).createWithVersion({ name: 'resumed', created_by: 'dev' }, published),
    );
    version = made!.version;
  });
  afterAll(async () => {
    redis.disconnect();
    await app.destroy();
    await database.drop();
  });

  const run = <T>(fn: () => Promise<T>): Promise<T> => db.run(tenant, fn);
  async function accepted(origin?: ExecutionOrigin): Promise<ExecutionEntity> {
    const id = randomUUID();
    const made = await executions.accept(
      tenant,
      {
        id,
        workflow_id: version.workflow_id,
        workflow_version: 1,
        input_data: null,
        temporal_workflow_id: id,
        initiator: 'dev',
        initiator_level: 3,
        initiator_roles: ['developer'],
        correlation_id: id,
        ...(origin ? { origin } : {}),
      },
      { defaultLimit: 100 },
    );
    if (made.kind !== 'accepted') throw new Error(made.kind);
    return made.execution;
  }
  const ended = (execution_id: string, node: string, visit: number, over: object = {}) => ({
    execution_id,
    node,
    visit,
    step: node === 'first' ? 1 : 2,
    item: null,
    type: node === 'load' ? 'tool' : 'transform',
    status: 'completed' as const,
    input: null,
    output: { of: visit } as Json,
    error: null,
    started_at: '2026-01-02T03:04:05.678Z',
    ...over,
  });
  /** Of its second step `load` 2 failed and `load` 3 never ended. */
  async function failed(): Promise<string> {
    const { id } = await accepted();
    await run(async () => {
      await steps.record(id, STEPS);
      await visits.recordEnded([
        ended(id, 'first', 1),
        ended(id, 'load', 1),
        ended(id, 'load', 2, { status: 'failed', output: null }),
        ended(id, 'note', 1, { output: { n: 2 } }),
      ]);
    });
    return id;
  }
  const retryOf = (execution_id: string, node: string | null, visit: number | null): ExecutionOrigin => ({
    kind: 'retry',
    execution_id,
    at: { step: 2, node, visit },
  });
  const resumed = (execution: ExecutionEntity) => run(() => resume.of(execution, DEFINITION));
  const doneOf = async (origin: ExecutionOrigin): Promise<string[]> => {
    const answer = await resumed(await accepted(origin));
    return answer.kind === 'at'
      ? answer.point.done.map(({ node, visit }) => `${node}/${String(visit)}`)
      : [answer.kind];
  };

  it('begins with the state and the bookkeeping of the step', async () => {
    const answer = await resumed(await accepted(retryOf(await failed(), 'load', 2)));
    expect(answer).toMatchObject({
      kind: 'at',
      point: {
        state: { n: 1, log: ['a'], error: null },
        book: { step: 2, due: STEPS[1]?.due, visits: { first: 1, load: 3, note: 1 }, written: ['log', 'n'] },
      },
    });
  });

  it('does not run again what had ended well, but for the visit it is for', async () => {
    const id = await failed();
    expect(await doneOf(retryOf(id, 'load', 2))).toEqual(['load/1', 'note/1']);
    expect(await doneOf(retryOf(id, 'note', 1))).toEqual(['load/1']);
    expect(await doneOf(retryOf(id, 'load', null))).toEqual(['note/1']);
    expect(await doneOf(retryOf(id, null, null))).toEqual(['load/1', 'note/1']);
    expect(await doneOf({ ...retryOf(id, 'load', 2), kind: 'fork' })).toEqual([]);
  });

  it('runs again what the journal has no whole result of, but for a tool, whose result may look so', async () => {
    const { id } = await accepted();
    const truncated = { truncated: true, bytes: 70_000 };
    await run(async () => {
      await steps.record(id, STEPS);
      await visits.recordEnded([
        ended(id, 'note', 1, { output: truncated }),
        ended(id, 'load', 1, { output: truncated }),
        ended(id, 'load', 2, { output: { truncated: true, bytes: 1, rows: 5 } }),
        ended(id, 'load', 9),
      ]);
    });
    expect(await doneOf(retryOf(id, null, null))).toEqual(['load/1', 'load/2']);
  });

  it('can be begun anew itself, without the first one', async () => {
    const second = await accepted({ ...retryOf(await failed(), 'load', 2), state: { n: 9 } });
    const first = await resumed(second);
    const again = await resumed(second);
    expect(again).toEqual(first);
    const third = await resumed(await accepted(retryOf(second.id, 'load', 3)));
    expect(third).toEqual(first);
    expect(third).toMatchObject({
      point: { state: { n: 9, log: ['a'] }, done: [{ node: 'load', result: { of: 1 } }, {}] },
    });
    const rows = await run(() => visits.listOf(second.id));
    expect(rows.items.map(({ node, visit, status }) => [node, visit, status])).toEqual([
      ['load', 1, 'completed'],
      ['note', 1, 'completed'],
    ]);
  });

  it('begins at the start where it is a replay, or was started', async () => {
    expect(await resumed(await accepted())).toEqual({ kind: 'from_the_start' });
    const replay = await accepted({ kind: 'replay', execution_id: await failed() });
    expect(await resumed(replay)).toEqual({ kind: 'from_the_start' });
  });

  it('leaves long results to the journal, where its start has no room for them', async () => {
    const { id } = await accepted();
    await run(async () => {
      await steps.record(id, STEPS);
      await visits.recordEnded([1, 2, 3].map((n) => ended(id, 'load', n, { output: 'x'.repeat(800_000) })));
    });
    const retry = await accepted(retryOf(id, 'note', 1));
    const answer = await resumed(retry);
    expect(answer.kind === 'at' && answer.point.done).toHaveLength(2);
    expect((await run(() => visits.listOf(retry.id))).total).toBe(3);
  });

  it.each([
    ['step is not kept', async () => ({ execution_id: (await accepted()).id })],
    [
      'other one has been removed',
      async () => {
        const { id } = await accepted();
        return { execution_id: id, remove: true };
      },
    ],
  ])('fails with a code of its own where the %s', async (_, make) => {
    const { execution_id, remove } = (await make()) as { execution_id: string; remove?: boolean };
    const execution = await accepted(retryOf(execution_id, 'load', 2));
    if (remove) await run(() => db.em.query('delete from agf_workflow_executions where id = $1', [execution_id]));
    const row = (await run(() => executions.get(execution.id)))!;
    expect(row.origin_execution_id).toBe(remove ? null : execution_id);
    expect(await resumed(row)).toEqual({ kind: 'gone' });
    await refuse.gone(row, version);
    expect(await run(() => executions.get(execution.id))).toMatchObject({
      status: 'failed',
      error_details: { code: 'CHECKPOINT_GONE', node: 'load', visit: 2, details: { step: 2 } },
      holds_slot: false,
    });
  });

  it('finds nothing of another tenant', async () => {
    const theirs = await accepted(retryOf(await failed(), 'load', 2));
    expect(await db.run(randomUUID(), () => resume.of(theirs, DEFINITION))).toEqual({ kind: 'gone' });
  });
});
