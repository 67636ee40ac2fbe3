import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError, type NodeDefinition, type WorkflowDefinition } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { CACHING, useEngine, type EngineHarness, type StartedRun } from './support/engine-harness.js';
import { TRAIL, edge, fn, step, tool, workflow } from './support/definitions.js';
import { refused } from './support/memory-activities.js';

let running = 0;
let most = 0;
const begun: string[] = [];
const told: string[] = [];

const setUp = (engine: EngineHarness): void => {
  let openings = 0;
  engine
    .handler('add', ({ n }) => Number(n) + 1)
    .handler('at-once', async (_, call) => {
      begun.push(call.effect_key);
      most = Math.max(most, ++running);
      await sleep(2);
      running--;
      return call.item;
    })
    .handler('flaky', ({ fails }, _, attempt) => {
      if (attempt <= Number(fails)) throw new ToolError('FLAKY', `attempt ${String(attempt)}`, true);
      return attempt;
    })
    .handler('odd', async (_, { item, execution_id, node }) => {
      if (item === 1) throw new ToolError('ODD', 'one is odd');
      await sleep(300);
      told.push(`${execution_id} ${node} ${String(item)}`);
      return item;
    })
    .handler('slow', async (_, { item }) => {
      await sleep(400);
      return item;
    })
    .handler('large', () => 'x'.repeat(1_000_000))
    .handler('deaf', () => new Promise(() => undefined))
    .handler('opens', () => 'closed again')
    .tool('undo', (args) => args);
  engine.activities.admissions.set('opens', () => (openings++ < 2 ? refused() : null));
};

const local = (id: string, handler: string, more: Record<string, unknown> = {}): NodeDefinition =>
  fn(id, handler, { placement: 'local', ...more });

const add = (id: string, more: Record<string, unknown> = {}): NodeDefinition =>
  local(id, 'add', { arguments: { n: { cel: 'state.n' } }, output: 'n', ...more });

const chain = (length: number): WorkflowDefinition => {
  const nodes = Array.from({ length }, (_, i) => add(`n${String(i)}`));
  return workflow({
    state: { n: { schema: { type: 'number' }, default: 0 } },
    nodes,
    edges: nodes
      .map(({ id }, i) => edge(`${i === 0 ? 'START' : `n${String(i - 1)}`} > ${id}`))
      .concat(edge(`n${String(length - 1)} > END`)),
  });
};

/** A node, and a step where its error leads. */
const one = (node: NodeDefinition): WorkflowDefinition =>
  workflow({
    state: { r: {}, ...TRAIL },
    nodes: [node, step('repair')],
    edges: [edge(`START > ${node.id}`), edge(`${node.id} > END`), edge('repair > END')],
    more: { output: { cel: '{"r": state.r, "error": state.error}' } },
  });

const fan = (node: NodeDefinition, more: object = {}): WorkflowDefinition =>
  workflow({
    state: { out: { reducer: 'append', default: [] }, ...TRAIL },
    nodes: [node, step('done')],
    edges: [edge(`START > ${node.id}`, { for_each: 'input', ...more }), edge(`${node.id} > done`), edge('done > END')],
  });

describe.each(CACHING)('steps of local functions, %s', (_, options) => {
  const engine = useEngine(options, setUp);
  const segmentsOf = ({ executionId }: StartedRun) =>
    engine().activities.segments.filter(({ ref }) => ref.execution_id === executionId);

  it('run in one go, each recorded before the next', async () => {
    const { output, run } = await engine().execute(chain(30));
    expect(output).toEqual({ n: 30 });
    expect(segmentsOf(run)).toHaveLength(1);
    const rows = run.recorded.visits.map(({ node, visit, step: of, status }) => [node, visit, of, status]);
    expect(rows).toEqual(Array.from({ length: 30 }, (__, i) => [`n${String(i)}`, 1, i + 1, 'completed']));
    expect(run.recorded.steps.map(({ step: of, writes }) => [of, writes])).toEqual([
      [1, {}],
      ...Array.from({ length: 30 }, (__, i) => [i + 2, { n: [i + 1] }]),
    ]);
    const order = run.recorded.log.filter((line) => line.includes(' n1#') || line.includes(' n2#'));
    expect(order).toEqual(['admit n1#1', 'completed n1#1', 'admit n2#1', 'completed n2#1']);
  });

  it('give way to a step that is none, and begin again after it', async () => {
    const { output, run } = await engine().execute(
      workflow({
        state: { n: { default: 0 }, t: {}, ...TRAIL },
        nodes: [
          add('a'),
          step('s'),
          tool('t', 'undo', { output: 't', arguments: { n: { cel: 'state.n' } } }),
          add('b'),
          add('c'),
        ],
        edges: [edge('START > a'), edge('a > s'), edge('s > t'), edge('t > b'), edge('b > c'), edge('c > END')],
      }),
    );
    expect(output).toEqual({ n: 3, t: { n: 1 }, trail: ['s'] });
    expect(segmentsOf(run).map(({ book }) => Object.keys(book.due))).toEqual([['a'], ['b']]);
    expect(run.recorded.visits.map(({ node }) => node)).toEqual(['a', 's', 'b', 'c']);
  });

  it('take a fan-out in chunks, with its limit, each item once', async () => {
    most = 0;
    const input = Array.from({ length: 250 }, (__, i) => i);
    const definition = fan(local('f', 'at-once', { outputs: { out: '[result]' } }), { max_concurrency: 20 });
    const { output, run } = await engine().execute(definition, { input });
    expect(output).toEqual({ out: input, trail: ['done'] });
    expect(most).toBeLessThanOrEqual(20);
    expect(most).toBeGreaterThan(10);
    const keys = begun.filter((key) => key.startsWith(run.executionId));
    expect([keys.length, new Set(keys).size]).toEqual([250, 250]);
    expect(segmentsOf(run).length).toBeLessThan(5);
  });

  it('beside others run in one go, too', async () => {
    const { output, run } = await engine().execute(
      workflow({
        state: { out: { reducer: 'append', default: [] }, t: {}, ...TRAIL },
        nodes: [
          local('f', 'at-once', { outputs: { out: '[result]' } }),
          local('g', 'flaky', { arguments: { fails: 1 }, retry: { initial_interval_ms: 300 }, output: 't' }),
          tool('u', 'undo', { outputs: { trail: '["u"]' } }),
          step('done'),
        ],
        edges: [
          edge('START > f', { for_each: '[1, 2, 3, 4, 5, 6, 7, 8]' }),
          ...['g', 'u'].map((id) => edge(`START > ${id}`)),
          { source: ['f', 'g', 'u'], target: 'done' },
          edge('done > END'),
        ],
      }),
    );
    expect(output).toEqual({ out: [0, 1, 2, 3, 4, 5, 6, 7], t: 2, trail: ['u', 'done'] });
    expect(segmentsOf(run).map(({ only }) => only)).toEqual([['f', 'g']]);
    expect(run.recorded.visits.filter(({ node }) => node === 'f')).toHaveLength(8);
  });

  it('go round a loop thousands of times in one flat history', async () => {
    const { output, run } = await engine().execute(
      workflow({
        state: { n: { default: 0 } },
        nodes: [add('a')],
        edges: [
          edge('START > a'),
          edge('a > a', { condition: 'state.n < 3000' }),
          edge('a > END', { otherwise: true }),
        ],
        more: { limits: { max_steps: 5_000 } },
      }),
    );
    expect(output).toEqual({ n: 3_000 });
    expect(run.recorded.visits).toHaveLength(3_000);
    expect(segmentsOf(run).length).toBeGreaterThan(1);
    const { historyLength, runId } = await engine().handle(run.executionId).describe();
    expect(historyLength).toBeLessThan(100);
    expect(runId).toBe((await engine().handle(run.executionId).describe()).runId);
  });

  it('fail and are taken as anywhere; a sibling that runs is told to stop', async () => {
    const repaired = await engine().execute(one(local('a', 'odd', { on_error: 'repair', output: 'r' })));
    expect(repaired.output).toMatchObject({ r: null, error: null });
    const { error, status, run } = await engine().execute(fan(local('o', 'odd')), { input: [0, 1, 2] });
    expect({ status, error }).toMatchObject({ status: 'failed', error: { code: 'ODD', node: 'o', visit: 2 } });
    expect(run.recorded.visits.map(({ visit, status: ended }) => [visit, ended]).sort()).toEqual([
      ...[
        [1, 'cancelled'],
        [2, 'failed'],
        [3, 'cancelled'],
      ],
    ]);
    const collected = await engine().execute(
      fan(local('o', 'odd', { outputs: { out: '[result]' } }), { on_item_error: 'collect' }),
      { input: [0, 1, 2] },
    );
    expect(collected.output).toEqual({ out: [0, 2], trail: ['done'] });
  });

  it('are tried again, near at once and far by the workflow, no more often than their node says', async () => {
    const flaky = (fails: number, retry: object) =>
      engine().execute(one(local('a', 'flaky', { arguments: { fails }, output: 'r', on_error: 'repair', retry })));
    expect((await flaky(2, { initial_interval_ms: 1 })).output).toMatchObject({ r: 3 });
    const far = await flaky(1, { initial_interval_ms: 300 });
    expect(far.output).toMatchObject({ error: null });
    expect(segmentsOf(far.run)).toHaveLength(1);
    expect((await flaky(9, { initial_interval_ms: 300, max_attempts: 2 })).output).toMatchObject({
      error: { code: 'FLAKY', attempts: 2 },
    });
  });

  it('end in their time, and wait for a breaker as their node says', async () => {
    const deaf = local('a', 'deaf', { timeout_seconds: 0.2, retry: { max_attempts: 1 }, on_error: 'repair' });
    expect((await engine().execute(one(deaf))).output).toMatchObject({
      error: { code: 'HANDLER_TIMEOUT', attempts: 1 },
    });
    const waits = local('a', 'opens', { output: 'r', open_wait_seconds: 5 });
    expect((await engine().execute(one(waits))).output).toMatchObject({ r: 'closed again', error: null });
  });

  it.each<[string, NodeDefinition]>([
    ['after them', { id: 'f', type: 'fail', code: 'X', message: '' }],
    ['in one of them', local('f', 'flaky', { arguments: { fails: 1 }, retry: { max_attempts: 1 } })],
  ])('are undone when the execution fails %s', async (__, failing) => {
    const { run, status } = await engine().execute(
      workflow({
        state: { n: { default: 0 } },
        nodes: [
          add('a', { compensate: { tool: 'undo', arguments: { of: { cel: 'result' } } } }),
          add('b', { compensate: { tool: 'undo', arguments: { of: { cel: 'result' } } } }),
          failing,
        ],
        edges: [edge('START > a'), edge('a > b'), edge('b > f'), edge('f > END')],
      }),
    );
    expect(status).toBe('failed');
    // In the step that the segment came to, not where it began.
    expect(run.recorded.calls.map(({ node, step: at, arguments: args }) => [node, at, args])).toEqual([
      ['b~compensate', 3, { of: 2 }],
      ['a~compensate', 3, { of: 1 }],
    ]);
  });

  it('are paused, cancelled and handed over between segments', async () => {
    const loop = (handler: string, limit: number): WorkflowDefinition =>
      workflow({
        state: { n: { default: 0 } },
        nodes: [local('a', handler, { arguments: { n: { cel: 'state.n' } }, outputs: { n: 'state.n + 1' } })],
        edges: [
          edge('START > a'),
          edge('a > a', { condition: `state.n < ${String(limit)}` }),
          edge('a > END', { otherwise: true }),
        ],
        more: { limits: { max_steps: 1_000_000 } },
      });
    const run = await engine().start(loop('at-once', 900_000));
    await run.send({ kind: 'pause', id: 'p' });
    const visits = () => run.recorded.visits.length;
    await eventually(async () => {
      const before = visits();
      await sleep(1_500);
      return visits() === before;
    }, 'the pause');
    await run.send({ kind: 'resume', id: 'r' });
    const before = visits();
    await eventually(() => visits() > before, 'more visits');
    await run.cancel();
    expect(await run.outcome()).toMatchObject({ status: 'cancelled' });
    const long = await engine().execute(loop('add', 2_500), { continueAfter: { events: 1_000_000, visits: 1 } });
    expect(long.output).toEqual({ n: 2_500 });
    expect(long.run.recorded.visits).toHaveLength(2_500);
    expect(long.run.recorded.started).toBe(1);
    expect(segmentsOf(long.run).length).toBeGreaterThan(1);
  });

  it('end soon, however long their step takes, and are undone as far as they came', async () => {
    const items = (length: number): number[] => Array.from({ length }, (__, i) => i);
    const slow = { outputs: { out: '[result]' }, compensate: { tool: 'undo', arguments: { of: { cel: 'result' } } } };
    const definition = fan(local('s', 'slow', slow), { max_concurrency: 2 });
    const whole = await engine().execute(definition, { input: items(20) });
    expect(whole.output).toMatchObject({ out: items(20) });
    expect(segmentsOf(whole.run).length).toBeGreaterThan(3);
    const run = await engine().start(definition, { input: items(60) });
    await eventually(() => run.recorded.visits.length > 0, 'the first visits');
    await run.cancel();
    expect((await run.outcome()).status).toBe('cancelled');
    const done = run.recorded.visits.filter(({ node, status }) => node === 's' && status === 'completed');
    expect(done.length).toBeLessThan(60);
    expect(run.recorded.calls.map(({ visit }) => visit).sort()).toEqual(done.map(({ visit }) => visit).sort());
  });

  it('say the same when they are told again after their end was lost', async () => {
    const twice = { segmentsTwice: true };
    const failing = fan(local('o', 'odd', { retry: { max_attempts: 1 } }), { max_concurrency: 3 });
    const { error, run } = await engine().execute(failing, { ...twice, input: [0, 1, 2, 3, 4, 5, 6, 7] });
    expect(error).toMatchObject({ code: 'ODD', node: 'o', visit: 2 });
    expect(run.recorded.visits.every(({ visit }) => visit <= 4)).toBe(true);
    const refusing = one(
      local('a', 'add', {
        ...{ arguments: { n: 1 }, output: 'r', on_error: 'repair' },
        compensate: { tool: 'undo', arguments: { of: { cel: 'result' } } },
      }),
    );
    refusing.state = { r: { schema: { type: 'string' } }, ...TRAIL };
    refusing.nodes.push({ id: 'f', type: 'fail', code: 'X', message: '' });
    refusing.edges = [edge('START > a'), edge('a > END'), edge('repair > f'), edge('f > END')];
    const refused = await engine().execute(refusing, twice);
    expect(refused.error).toMatchObject({ code: 'X' });
    expect(refused.run.recorded.calls.map(({ node, arguments: args }) => [node, args])).toEqual([
      ['a~compensate', { of: 2 }],
    ]);
    const { output } = await engine().execute(chain(5), twice);
    expect(output).toEqual({ n: 5 });
  });

  it('do not run what another execution did', async () => {
    const due = { f: [1, 2, 3].map((visit) => ({ visit, item: { edge: 0, index: visit - 1, value: visit } })) };
    const book = { step: 1, due, visits: { f: 3 }, joins: {}, ended: false, written: [], stateBytes: 100 };
    const resume = {
      ...{ state: { out: [], trail: [], error: null }, book },
      done: [{ node: 'f', visit: 2, result: 'as before' }],
    };
    const definition = fan(local('f', 'at-once', { outputs: { out: '[result]' } }));
    const { output, run } = await engine().execute(definition, { input: [1, 2, 3], resume });
    expect(output).toEqual({ out: [0, 'as before', 2], trail: ['done'] });
    expect(begun.filter((key) => key.startsWith(run.executionId)).map((key) => key.split('/').at(-1))).toEqual([
      '1',
      '3',
    ]);
    expect(run.recorded.visits).toHaveLength(4);
  });

  it('carry large values', async () => {
    const { output } = await engine().execute(
      workflow({
        state: { s: { default: '' }, n: { default: 0 } },
        nodes: [local('a', 'large', { output: 's' }), add('b'), tool('t', 'undo'), add('c')],
        edges: [edge('START > a'), edge('a > b'), edge('b > t'), edge('t > c'), edge('c > END')],
        more: { output: { cel: '[size(state.s), state.n]' } },
      }),
    );
    expect(output).toEqual([1_000_000, 2]);
  });

  it('go on after a fault of the journal without running again what ended', async () => {
    engine().activities.failSegmentRecords = { after: 5, times: 2 };
    const { output, run } = await engine().execute(chain(10));
    expect(output).toEqual({ n: 10 });
    const admitted = run.recorded.log.filter((line) => line.startsWith('admit'));
    // The one that was under way, as often as its record failed.
    expect(admitted.filter((line) => line === 'admit n5#1')).toHaveLength(3);
    expect(admitted).toHaveLength(12);
  });
});
