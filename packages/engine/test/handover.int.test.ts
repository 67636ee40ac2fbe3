import { describe, expect, it } from '@jest/globals';
import type { WorkflowDefinition } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { CACHING, useEngine, type EngineHarness, type StartedRun } from './support/engine-harness.js';
import { edge, tool, workflow } from './support/definitions.js';

const SOON = { events: 1_000_000, visits: 3 };
const risky = { load: { min_privilege_level: 3 as const } };

const loop = (steps: number): WorkflowDefinition =>
  workflow({
    state: { n: { reducer: 'sum' } },
    nodes: [{ id: 'count', type: 'transform', set: { n: 1 } }],
    edges: [
      edge('START > count'),
      edge('count > count', { condition: `state.n < ${String(steps)}` }),
      edge('count > END', { otherwise: true }),
    ],
    more: { limits: { max_steps: steps + 1 }, output: { cel: 'state.n' } },
  });

const fan = (items: number, more: Record<string, unknown> = {}): WorkflowDefinition =>
  workflow({
    state: { r: { reducer: 'append' } },
    nodes: [tool('each', 'work', { arguments: { i: { cel: 'item' } }, output: 'r', ...more })],
    edges: [
      edge('START > each', { for_each: `[${Array.from({ length: items }, (_, i) => i).join()}]`, max_concurrency: 2 }),
      edge('each > END'),
    ],
    more: { output: { cel: 'state.r' } },
  });

const setUp = (engine: EngineHarness): void => {
  engine
    .tool('work', (args) => args['i'] ?? null)
    .tool('undo', () => null)
    .tool('load', (args) => args);
};

describe.each(CACHING)('an execution in several runs, %s', (_, options) => {
  const engine = useEngine(options, setUp);

  const runsOf = ({ executionId }: StartedRun): Promise<number> => engine().countRuns(executionId);

  it('goes on between steps, with state, visits and joins as they were', async () => {
    const run = await engine().start(loop(10), { continueAfter: SOON });
    expect(await run.outcome()).toMatchObject({ status: 'completed', output: 10 });
    expect(await runsOf(run)).toBeGreaterThanOrEqual(3);
    expect(run.recorded.visits.map(({ visit, step }) => [visit, step])).toEqual(
      Array.from({ length: 10 }, (_, i) => [i + 1, i + 1]),
    );
    expect(run.recorded.steps.map(({ step }) => step)).toEqual(Array.from({ length: 11 }, (_, i) => i + 1));
    expect(run.recorded.started).toBe(1);
  });

  it('goes on in the middle of a fan-out, where each item is visited once', async () => {
    const run = await engine().start(fan(12), { continueAfter: SOON });
    expect(await run.outcome()).toMatchObject({ status: 'completed', output: Array.from({ length: 12 }, (_, i) => i) });
    expect(await runsOf(run)).toBeGreaterThanOrEqual(3);
    expect(run.recorded.calls.map(({ item }) => item).sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(
      Array.from({ length: 12 }, (_, i) => i),
    );
  });

  it('goes on while people are awaited, who are asked once', async () => {
    const definition = workflow({
      state: { r: {}, n: { reducer: 'sum' } },
      nodes: [
        tool('load', 'load', { arguments: { table: 'cars' }, output: 'r' }),
        tool('each', 'work', { arguments: { i: { cel: 'item' } }, output: 'n' }),
      ],
      edges: [
        edge('START > load'),
        edge('START > each', { for_each: '[1, 1, 1, 1, 1, 1]', max_concurrency: 1 }),
        edge('load > END'),
        edge('each > END'),
      ],
      more: { output: { cel: '[state.r.table, string(state.n)]' } },
    });
    const run = await engine().start(definition, { tools: risky, continueAfter: SOON });
    const [approval] = await run.pending();
    await eventually(async () => run.recorded.calls.length === 6, 'the items');
    await eventually(async () => (await runsOf(run)) > 1, 'another run');
    await run.decide(approval!, 'approved');
    expect(await run.outcome()).toMatchObject({ status: 'completed', output: ['cars', '6'] });
    expect(engine().activities.approvalsOf(run.executionId)).toHaveLength(1);
    expect(run.recorded.paused).toEqual([approval!.approval_id]);
    expect(run.recorded.calls.at(-1)?.gate?.approval?.payload_hash).toBe(approval!.payload_hash);
  });

  it('closes an approval of an earlier run before a cancelled execution ends', async () => {
    const definition = fan(6, { tool: 'load', arguments: { i: { cel: 'item' } } });
    const run = await engine().start(definition, { tools: risky, continueAfter: { events: 1_000_000, visits: 2 } });
    await run.pending(2);
    await eventually(async () => (await runsOf(run)) > 1, 'another run');
    expect(await run.cancel()).toBe(true);
    expect(await run.outcome()).toMatchObject({ status: 'cancelled' });
    expect(engine().activities.pending(run.executionId)).toEqual([]);
  });

  it('loses no record of its last visits where it ends as it would go on', async () => {
    const definition = workflow({
      nodes: [{ id: 'each', type: 'wait', seconds: 0.01 }],
      edges: [edge('START > each', { for_each: '[1, 2, 3]' }), edge('each > END')],
    });
    const run = await engine().start(definition, { continueAfter: SOON });
    expect(await run.outcome()).toMatchObject({ status: 'completed' });
    expect(run.recorded.visits.map(({ visit }) => visit)).toEqual([1, 2, 3]);
  });

  it('takes waits, early signals and what is to be undone along', async () => {
    const definition = workflow({
      state: { told: {}, n: { reducer: 'sum' } },
      nodes: [
        tool('first', 'work', {
          arguments: { i: 1 },
          compensate: { tool: 'undo', arguments: { of: { cel: 'result' } } },
        }),
        { id: 'wait', type: 'wait', signal: 'go', output: 'told' },
        { id: 'late', type: 'wait', signal: 'never', timeout_seconds: 2 },
        tool('each', 'work', { arguments: { i: { cel: 'item' } }, output: 'n' }),
      ],
      edges: [
        edge('START > first'),
        edge('first > wait'),
        edge('first > late'),
        edge('first > each', { for_each: '[1, 1, 1, 1, 1, 1]', max_concurrency: 1 }),
        edge('wait > END'),
        edge('late > END'),
        edge('each > END'),
      ],
    });
    const begun = Date.now();
    const run = await engine().start(definition, { tools: { undo: {} }, continueAfter: SOON });
    await eventually(async () => (await runsOf(run)) > 1, 'another run');
    await run.signal('go', 'now');
    const { status, error } = await run.outcome();
    expect([status, error?.code, error?.node]).toEqual(['failed', 'WAIT_TIMEOUT', 'late']);
    expect(Date.now() - begun).toBeLessThan(15_000);
    expect(run.recorded.visits.find(({ node }) => node === 'wait')).toMatchObject({
      output: 'now',
      status: 'completed',
    });
    const undone = run.recorded.calls.filter(({ tool: name }) => name === 'undo');
    expect(undone.map(({ node, arguments: args }) => [node, args])).toEqual([['first~compensate', { of: 1 }]]);
  });
});
