import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { executionWorkflowId, type WorkflowDefinition } from '@aumos/agf-domain';
import { eventually, testStack } from '@aumos/agf-testing';
import {
  becomeCurrent,
  deployedVersions,
  makeCurrent,
  moveToVersion,
  startGraphWorkflow,
} from '../src/client/index.js';
import { createExecutionWorker } from '../src/worker/create-execution-worker.js';
import { edge, workflow } from './support/definitions.js';
import { EngineHarness, type StartedRun } from './support/engine-harness.js';

const TENANT = 'tenant-a';
const deployment = `versions-${randomUUID()}`;
const SOON = { events: 1_000_000, visits: 2 };

/** Counts to six, two at a time between two signals: several runs, where `continueAfter` says so. */
const counting: WorkflowDefinition = workflow({
  state: { n: { reducer: 'sum' } },
  nodes: [
    { id: 'count', type: 'transform', set: { n: 1 } },
    { id: 'go', type: 'wait', signal: 'go' },
  ],
  edges: [
    edge('START > count'),
    edge('count > go'),
    edge('go > count', { condition: 'state.n < 4' }),
    edge('go > END', { otherwise: true }),
  ],
  more: { output: { cel: 'state.n' } },
});

const calling: WorkflowDefinition = workflow({
  nodes: [
    { id: 'go', type: 'wait', signal: 'go' },
    { id: 'call', type: 'workflow', workflow: 'called', input: null },
  ],
  edges: [edge('START > go'), edge('go > call'), edge('call > END')],
});

describe('workers of two builds', () => {
  let engine: EngineHarness;
  const workers = new Map<string, { client: Client; worker: Worker; done: Promise<void> }>();

  const begin = async (buildId: string): Promise<void> => {
    const connection = await NativeConnection.connect({ address: testStack().temporal });
    const worker = await createExecutionWorker({
      connection,
      namespace: testStack().temporal_namespace,
      taskQueue: engine.queues.executions,
      activities: engine.activities,
      largePayloads: engine.payloads,
      version: { deployment, buildId },
    });
    const client = new Client({ ...engine.client.options, connection });
    workers.set(buildId, { client, worker, done: worker.run().then(() => connection.close()) });
    await becomeCurrent(engine.client, { deployment, buildId }, AbortSignal.timeout(20_000));
  };
  const end = async (buildId: string): Promise<void> => {
    const { worker, done } = workers.get(buildId)!;
    worker.shutdown();
    await done;
  };

  /** Builds that took workflow tasks of the execution, in their order, over all of its runs. */
  const buildsOf = async ({ executionId }: StartedRun): Promise<string[]> => {
    const histories = await engine.allRuns(executionWorkflowId(TENANT, executionId));
    const builds = histories.flatMap(({ history }) =>
      (history.events ?? []).flatMap(
        ({ workflowTaskCompletedEventAttributes: done }) => done?.deploymentVersion?.buildId ?? [],
      ),
    );
    return builds.filter((build, i) => build !== builds[i - 1]);
  };
  const waits = (run: StartedRun): Promise<unknown> => eventually(() => run.recorded.waiting.waiting, 'it waits');
  const countsOn = async (run: StartedRun): Promise<void> => {
    for (let n = 1; n <= 4; n++) {
      await eventually(() => run.recorded.visits.filter(({ node }) => node === 'count').length >= n, 'it counts');
      await waits(run);
      await run.signal('go');
    }
  };

  beforeAll(async () => {
    engine = await EngineHarness.open({ executionWorker: false });
    engine.workflow({ ...counting, name: 'called' });
    await begin('a');
  }, 60_000);
  afterAll(() => engine.close());

  it('each execution stays on the build that it began on, over its runs and with its children', async () => {
    const [long, parent] = [await engine.start(counting, { continueAfter: SOON }), await engine.start(calling)];
    await Promise.all([waits(long), waits(parent)]);
    await begin('b');
    expect(await deployedVersions(engine.client, [deployment, 'unknown-deployment'])).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ build_id: 'a', status: 'draining' }),
        expect.objectContaining({ build_id: 'b', status: 'current' }),
      ]),
    );

    await parent.signal('go');
    const child = parent.child('call');
    await Promise.all([countsOn(long), countsOn(child)]);
    const later = await engine.start(counting, { continueAfter: SOON });
    await countsOn(later);
    expect([await long.outcome(), await later.outcome(), await parent.outcome()]).toMatchObject([
      { status: 'completed', output: 4 },
      { status: 'completed', output: 4 },
      { status: 'completed' },
    ]);
    expect(await engine.countRuns(long.executionId)).toBeGreaterThan(1);
    expect(await buildsOf(long)).toEqual(['a']);
    expect(await buildsOf(parent)).toEqual(['a']);
    expect(await buildsOf(child)).toEqual(['a']);
    expect(await buildsOf(later)).toEqual(['b']);
  }, 60_000);

  it.each([
    ['b', true, 'b'],
    ['a', false, 'b'],
    // Why a worker that is not to be current must not start eagerly: its executions would begin on its own build.
    ['a', true, 'a'],
  ])('one that is started by %s, eagerly %s, runs on %s', async (by, eager, on) => {
    const start = engine.startOf(counting);
    const { client } = workers.get(by)!;
    const started = await startGraphWorkflow(client, start, { taskQueue: engine.queues.executions, eager });
    expect(started).toMatchObject({ status: 'running', eager });
    const run = engine.follow(start.execution_id);
    await countsOn(run);
    await run.outcome();
    expect(await buildsOf(run)).toEqual([on]);
  });

  it('waits while no worker of its build is there, and goes on where it is moved', async () => {
    await makeCurrent(engine.client, { deployment, buildId: 'a' });
    const run = await engine.start(counting);
    await waits(run);
    await makeCurrent(engine.client, { deployment, buildId: 'b' });
    await end('a');
    await run.signal('go');
    const pending = async () => {
      const { raw } = await engine.client.workflow.getHandle(executionWorkflowId(TENANT, run.executionId)).describe();
      return raw.pendingWorkflowTask ?? null;
    };
    expect(await eventually(pending, 'its task is due')).toMatchObject({ attempt: 1 });
    const other = await engine.start(counting);
    await countsOn(other);
    await other.outcome();
    expect(await pending()).toMatchObject({ attempt: 1, startedTime: null });
    expect(run.recorded.outcome).toBeUndefined();

    const to = { deployment, buildId: 'b' };
    expect(await moveToVersion(engine.client, executionWorkflowId(TENANT, run.executionId), to)).toBe(true);
    await eventually(() => run.recorded.visits.filter(({ node }) => node === 'count').length >= 2, 'it goes on');
    for (let n = 2; n <= 4; n++) {
      await eventually(() => run.recorded.visits.filter(({ node }) => node === 'count').length >= n, 'it counts');
      await waits(run);
      await run.signal('go');
    }
    expect(await run.outcome()).toMatchObject({ status: 'completed', output: 4 });
    expect(await buildsOf(run)).toEqual(['a', 'b']);
    expect(await moveToVersion(engine.client, executionWorkflowId(TENANT, randomUUID()), to)).toBe(false);
    expect(await engine.replayAll()).toEqual([]);
    await end('b');
  }, 90_000);
});
