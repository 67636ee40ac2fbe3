import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '@aumos/agf-domain';
import { EngineHarness, type RunOptions, type StartedRun } from '../../engine/test/support/engine-harness.js';
import { spec, Team } from './support/team.js';

const SITUATIONS: [string, number | undefined][] = [
  ['cached', undefined],
  ['evicted on every task', 0],
];

describe.each(SITUATIONS)("a team's graph, %s", (_name, cached) => {
  let engine: EngineHarness;
  let team: Team;
  const started: string[] = [];
  let counted = 0;

  beforeAll(async () => {
    [engine, team] = await Promise.all([
      EngineHarness.open(cached === undefined ? {} : { maxCachedWorkflows: cached }),
      Team.open(),
    ]);
    await team.work(cached);
    for (const [name, more] of Object.entries({ score: {}, count: {}, load: { min_privilege_level: 3 as const } }))
      engine.activities.specs.set(name, spec(name, more));
    engine
      .tool('score', (args) => ({ score: Number(args['row']) * 10 }))
      .tool('count', () => ++counted)
      .tool('load', (args, call) => ({ of: args['scores'] ?? null, approved: call.gate?.approval !== undefined }))
      .handler('double', (args) => Number(args['n']) * 2);
  }, 60_000);
  afterAll(async () => {
    const errors = await team.replayErrors(engine, started);
    await engine.replayAndClose();
    await team.close();
    expect(errors).toEqual([]);
  }, 60_000);

  const start = async (graph: string, input: Json, node: Record<string, Json> = {}, options: RunOptions = {}) => {
    const run = await engine.start(team.calling(graph, node), { input, ...options });
    started.push(run.executionId);
    return run;
  };
  const visitsOf = (run: StartedRun) =>
    run.recorded.visits.map(({ node, visit, type, status }) => `${type} ${node}#${String(visit)} ${status}`).sort();

  it('goes by Command, Send and subgraphs, asks people, and has its risky call approved', async () => {
    const run = await start('triage', { rows: [3, 1, 2] });
    const [asked] = await run.pending();
    expect(asked).toMatchObject({
      node: 'g~1~review.ask~approval',
      tool: null,
      arguments: { question: 'Load these?', scores: [10, 20, 30] },
      requested_by: 'starter',
    });
    await run.decide(asked!, 'approved');
    const [risky] = await run.pending();
    expect(risky).toMatchObject({ node: 'g~1~load~load', tool: 'load', privilege_level: 3 });
    await run.decide(risky!, 'approved');
    const { status, output } = await run.outcome();
    expect({ status, output }).toEqual({
      status: 'completed',
      output: {
        rows: [3, 1, 2],
        scores: [30, 10, 20],
        decision: expect.objectContaining({ approved: true, status: 'approved', decided_by: ['somebody'] }),
        loaded: { of: [10, 20, 30], approved: true },
      },
    });
    expect(run.recorded.calls.map(({ node, visit }) => `${node}#${String(visit)}`)).toEqual([
      'g~1~score~score#1',
      'g~1~score~score#2',
      'g~1~score~score#3',
      'g~1~load~load#1',
    ]);
    expect(visitsOf(run)).toEqual([
      'gate g~1~review.ask~approval#1 completed',
      'graph_node g~1~load#1 completed',
      'graph_node g~1~review#1 completed',
      'graph_node g~1~review.ask#1 completed',
      'graph_node g~1~score#1 completed',
      'graph_node g~1~score#2 completed',
      'graph_node g~1~score#3 completed',
      'graph_node g~1~split#1 completed',
    ]);
  });

  it('goes on with a rejection as the answer, and makes no call that nobody approved', async () => {
    const run = await start('triage', { rows: [1] });
    const [asked] = await run.pending();
    await run.decide(asked!, 'rejected');
    const { output } = await run.outcome();
    expect(output).toMatchObject({ decision: { approved: false, status: 'rejected' } });
    expect(run.recorded.calls).toHaveLength(1);
  });

  it('repeats no call when a node is begun again after an interrupt', async () => {
    counted = 0;
    const run = await start('asksTwice', {});
    for (let nth = 1; nth <= 2; nth++) {
      const [asked] = await run.pending();
      expect(asked?.arguments).toEqual({ nth });
      await run.decide(asked!, 'approved');
    }
    const { output } = await run.outcome();
    expect(output).toEqual({ result: { before: 1, between: 2, notes: ['approved', 'approved'], approved: true } });
    expect(run.recorded.calls).toHaveLength(2);
  });

  it('calls handlers of teams as function nodes do', async () => {
    const run = await start('handled', { args: { n: 4, queue: engine.queues.nodes } });
    expect((await run.outcome()).output).toMatchObject({ result: 8 });
    expect(run.recorded.settled.map(({ call }) => call.node)).toEqual(['g~1~only~double', 'g']);
  });
});
