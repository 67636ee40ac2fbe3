import { describe, expect, it } from '@jest/globals';
import { ToolError, type EdgeDefinition, type NodeDefinition } from '@aumos/agf-domain';
import { CACHING, useEngine, type EngineHarness } from './support/engine-harness.js';
import { TRAIL, edge, step, tool, workflow } from './support/definitions.js';

let running = 0;
let most = 0;
const setUp = (engine: EngineHarness): void => {
  engine
    .tool('double', async ({ n }) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return Number(n) * 2;
    })
    .tool('picky', ({ n }) => {
      if (Number(n) % 2 === 1) throw new ToolError('ODD', `no ${String(Number(n))}`);
      return n ?? null;
    });
};

const fan = (
  name: string,
  each: Partial<EdgeDefinition>,
  work: Record<string, unknown> = {},
  after: EdgeDefinition[] = [],
) =>
  workflow({
    state: { ...TRAIL, out: { reducer: 'append' } },
    nodes: [
      step('plan'),
      tool('work', name, {
        arguments: { n: { cel: 'item' } },
        outputs: { out: '[{"i": index, "r": result}]' },
        ...work,
      }),
      step('done'),
      step('repair'),
    ] as NodeDefinition[],
    edges: [
      edge('START > plan'),
      edge('plan > work', { for_each: 'input', ...each }),
      ...(after.length > 0 ? after : [edge('work > done')]),
      edge('done > END'),
      edge('repair > END'),
    ],
    more: { output: { cel: '{"out": state.out.map(o, o.r), "trail": state.trail, "error": state.error}' } },
  });

describe.each(CACHING)('for each, %s', (_, options) => {
  const engine = useEngine(options, setUp);

  it('runs 25 items, four at once, and joins them in the order of the items', async () => {
    most = 0;
    const input = Array.from({ length: 25 }, (__, i) => i);
    const { output, run } = await engine().execute(fan('double', { max_concurrency: 4 }), { input });
    expect(output).toEqual({ out: input.map((i) => i * 2), trail: ['plan', 'done'], error: null });
    expect(most).toBeLessThanOrEqual(4);
    const calls = run.recorded.calls.map(({ visit, item }) => ({ visit, item })).sort((a, b) => a.visit - b.visit);
    expect(calls).toEqual(input.map((i) => ({ visit: i + 1, item: i })));
    expect(new Set(run.recorded.calls.map(({ step: s }) => s))).toEqual(new Set([2]));
  });

  it('counts an empty list as done', async () => {
    const { output, run } = await engine().execute(fan('double', {}), { input: [] });
    expect(output).toEqual({ out: [], trail: ['plan', 'done'], error: null });
    expect(run.recorded.calls).toEqual([]);
  });

  it('lets on_error take a failed item once all have ended, with what the others wrote', async () => {
    const { output } = await engine().execute(fan('picky', {}, { on_error: 'repair' }), { input: [2, 3, 4, 5] });
    expect(output).toMatchObject({ out: [2, 4], trail: ['plan', 'repair'], error: { code: 'ODD', visit: 2 } });
  });
});

describe('for each', () => {
  const engine = useEngine({}, setUp);

  it('fires the target edges once, on the joined state', async () => {
    const after = [
      edge('work > done', { condition: 'size(state.out) == 3' }),
      edge('work > repair', { otherwise: true }),
    ];
    const { output } = await engine().execute(fan('double', {}, {}, after), { input: [1, 2, 3] });
    expect(output).toMatchObject({ trail: ['plan', 'done'] });
  });

  it('decides the condition before the list is evaluated', async () => {
    const definition = fan('double', { for_each: 'input.list', condition: 'input != null' });
    definition.edges.push(edge('plan > done', { otherwise: true }));
    expect((await engine().execute(definition, { input: null })).output).toMatchObject({ trail: ['plan', 'done'] });
    expect((await engine().execute(definition, { input: { list: [4] } })).output).toMatchObject({ out: [8] });
  });

  it('fails with the first failing item', async () => {
    const { error, status } = await engine().execute(fan('picky', { max_concurrency: 1 }), { input: [2, 3, 5] });
    expect({ status, error }).toMatchObject({ status: 'failed', error: { code: 'ODD', node: 'work', visit: 2 } });
  });

  it('collects the errors of items, and goes on with the others', async () => {
    const definition = fan('picky', { on_item_error: 'collect' });
    definition.output = {
      cel: '{"out": state.out.map(o, o.r), "errors": state.errors.map(e, e.message), "trail": state.trail}',
    };
    const { output } = await engine().execute(definition, { input: [2, 3, 4, 5] });
    expect(output).toEqual({ out: [2, 4], errors: ['no 3', 'no 5'], trail: ['plan', 'done'] });
  });

  it('refuses what is no list, at the node whose edge it is', async () => {
    const { error } = await engine().execute(fan('double', {}), { input: 7 });
    expect(error).toMatchObject({ code: 'EXPRESSION_ERROR', node: 'plan' });
  });

  it('fans out of a transform into transforms, 1,500 of them, without an activity each', async () => {
    const { output, run } = await engine().execute(
      workflow({
        state: { s: { reducer: 'sum' } },
        nodes: [{ id: 't', type: 'transform', set: { s: { cel: 'item * 1 + index' } } }],
        edges: [edge('START > t', { for_each: 'input' }), edge('t > END')],
      }),
      { input: Array.from({ length: 1_500 }, () => 1) },
    );
    expect(output).toEqual({ s: 1_500 + (1_499 * 1_500) / 2 });
    expect(run.recorded.visits).toHaveLength(1_500);
  });
});
