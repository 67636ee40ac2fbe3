import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NodeDefinition } from '@aumos/agf-domain';
import { EngineHarness } from './support/engine-harness.js';
import { TRAIL, edge, step, tool, workflow } from './support/definitions.js';

const set = (id: string, members: Record<string, unknown>, more: Record<string, unknown> = {}): NodeDefinition =>
  ({ id, type: 'transform', set: members, ...more }) as NodeDefinition;

describe('state', () => {
  let engine: EngineHarness;
  beforeAll(async () => {
    engine = (await EngineHarness.open()).tool('echo', (args) => args);
  });
  afterAll(async () => {
    await engine.replayAndClose();
  });

  const chain = (nodes: NodeDefinition[]) => [
    edge(`START > ${nodes[0]?.id ?? ''}`),
    ...nodes.map((node, i) => edge(`${node.id} > ${nodes[i + 1]?.id ?? 'END'}`)),
  ];

  it('folds by every reducer, from its default', async () => {
    const nodes = [
      set('a', { r: 1, l: [1], l2: 'x', m: { a: 1, b: 1 }, s: 2, lo: 5, hi: 5, u: ['p', 'q'] }),
      set('b', { r: 2, l: [2, 3], l2: ['y'], m: { b: 2 }, s: 3, lo: 3, hi: 3, u: ['q', 'r'] }),
    ];
    const { output } = await engine.execute(
      workflow({
        state: {
          r: {},
          l: { reducer: 'append' },
          l2: { reducer: 'append', default: ['w'] },
          m: { reducer: 'merge' },
          s: { reducer: 'sum' },
          lo: { reducer: 'min' },
          hi: { reducer: 'max' },
          u: { reducer: 'union' },
          never: {},
        },
        nodes,
        edges: chain(nodes),
        more: { output: { cel: 'state' } },
      }),
    );
    expect(output).toEqual({
      r: 2,
      l: [1, 2, 3],
      l2: ['w', 'x', 'y'],
      m: { a: 1, b: 2 },
      s: 5,
      lo: 3,
      hi: 5,
      u: ['p', 'q', 'r'],
      never: null,
      error: null,
    });
  });

  it('keeps what is large beside the history, under its execution', async () => {
    const nodes = [
      set('grow', { r: { cel: '[input, input, input]' } }),
      tool('echo', 'echo', { arguments: { big: { cel: 'state.r' } }, output: 'r' }),
    ];
    const { output, run } = await engine.execute(
      workflow({ state: { r: {} }, nodes, edges: chain(nodes), more: { output: { cel: 'size(state.r.big[2])' } } }),
      { input: 'x'.repeat(1_000_000) },
    );
    expect(output).toBe(1_000_000);
    const { stored } = engine.payloads;
    expect(stored.filter(({ execution }) => execution === run.executionId).length).toBeGreaterThanOrEqual(3);
    const { events = [] } = await engine.handle(run.executionId).fetchHistory();
    expect(JSON.stringify(events).length).toBeLessThan(100_000);
  });

  it('applies the writes of a step in the order of node id, whichever ended first', async () => {
    let release = (): void => undefined;
    const first = new Promise<void>((resolve) => (release = resolve));
    engine
      .tool('waits', async () => {
        await first;
        return ['a'];
      })
      .tool('releases', () => {
        release();
        return ['z'];
      });
    const { output } = await engine.execute(
      workflow({
        state: TRAIL,
        nodes: [tool('z', 'releases', { output: 'trail' }), tool('a', 'waits', { output: 'trail' })],
        edges: [edge('START > z'), edge('START > a'), edge('z > END'), edge('a > END')],
      }),
    );
    expect(output).toEqual({ trail: ['a', 'z'] });
  });

  it('shows a set the state before its node, and a condition the node own writes but no sibling write', async () => {
    const { output } = await engine.execute(
      workflow({
        state: { n: { reducer: 'sum' }, m: {}, ...TRAIL },
        nodes: [set('a', { n: 1, m: { cel: 'state.n' } }), set('b', { n: 10 }), step('saw1'), step('sawMore')],
        edges: [
          edge('START > a'),
          edge('START > b'),
          edge('a > saw1', { condition: 'state.n == 1' }),
          edge('a > sawMore', { otherwise: true }),
          edge('b > END'),
          edge('saw1 > END'),
          edge('sawMore > END'),
        ],
      }),
    );
    expect(output).toEqual({ n: 11, m: 0, trail: ['saw1'] });
  });

  it('maps a result by output and outputs, with execution and tenant in scope', async () => {
    const { output, run } = await engine.execute(
      workflow({
        state: { all: {}, part: {}, who: {} },
        nodes: [
          tool('a', 'echo', {
            arguments: { x: [1, { cel: 'tenant_id' }] },
            output: 'all',
            outputs: { part: 'result.x[0] + input', who: 'execution.workflow + execution.id' },
          }),
        ],
        edges: [edge('START > a'), edge('a > END')],
      }),
      { input: 4 },
    );
    expect(output).toEqual({ all: { x: [1, 'tenant-a'] }, part: 5, who: `test${run.executionId}` });
  });

  it.each([
    ['a wrong type', { n: { schema: { type: 'number' } } }, { n: 'x' }, 'STATE_SCHEMA'],
    ['a sum of words', { n: { reducer: 'sum' } }, { n: 'x' }, 'STATE_SCHEMA'],
    ['8 MiB', { n: {} }, { n: { cel: 'input.big.map(b, b)' } }, 'STATE_LIMIT'],
    ['a failing expression', { n: {} }, { n: { cel: 'input.nothing.more' } }, 'EXPRESSION_ERROR'],
  ] as const)('refuses %s, and drops the whole node', async (_, state, members, code) => {
    // Doubled in the workflow: what comes in is bounded by Temporal's payloads.
    const grow = Array.from({ length: 4 }, (__, i) =>
      set(`g${String(i)}`, { big: { cel: i === 0 ? 'input.big' : 'state.big' } }),
    );
    const nodes = [
      ...(code === 'STATE_LIMIT' ? grow : []),
      set('a', { ...(members as object), other: 1 }, { on_error: 'b' }),
      step('b'),
    ];
    const limit = code === 'STATE_LIMIT' ? { n: { cel: 'state.big' } } : members;
    const { output, run } = await engine.execute(
      workflow({
        state: { ...(state as object), big: { reducer: 'append' }, other: {}, ...TRAIL },
        nodes: nodes.map((node) => (node.id === 'a' ? set('a', { ...limit, other: 1 }, { on_error: 'b' }) : node)),
        edges: [...chain(nodes.slice(0, -1)), edge('b > END')],
        more: { output: { cel: '{"code": state.error.code, "node": state.error.node, "other": state.other}' } },
      }),
      { input: { big: code === 'STATE_LIMIT' ? ['x'.repeat(600_000)] : [] } },
    );
    expect(output).toEqual({ code, node: 'a', other: null });
    expect(run.recorded.visits.find(({ node }) => node === 'a')).toMatchObject({ status: 'failed', error: { code } });
  });

  it('finds two writers of a replace channel in one step: the later one fails', async () => {
    const { error } = await engine.execute(
      workflow({
        state: { x: {} },
        nodes: [set('b', { x: 2 }), set('a', { x: 1 })],
        edges: [edge('START > a'), edge('START > b'), edge('a > END'), edge('b > END')],
      }),
    );
    expect(error).toMatchObject({ code: 'STATE_CONFLICT', node: 'b', details: { channel: 'x', nodes: ['a', 'b'] } });
  });

  it('fails with OUTPUT_ERROR where the output cannot be evaluated', async () => {
    const { status, error, output } = await engine.execute(
      workflow({
        state: TRAIL,
        nodes: [step('a')],
        edges: [edge('START > a'), edge('a > END')],
        more: { output: { cel: 'state.trail[7]' } },
      }),
    );
    expect({ status, output, code: error?.code }).toEqual({ status: 'failed', output: null, code: 'OUTPUT_ERROR' });
  });

  it('carries hostile values unharmed', async () => {
    const input = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "s": "\\ud83d\\ude00"}') as object;
    const { output } = await engine.execute(
      workflow({
        state: { kept: {} },
        nodes: [set('a', { kept: { cel: 'input' } })],
        edges: [edge('START > a'), edge('a > END')],
      }),
      { input: input as never },
    );
    expect(JSON.stringify((output as { kept: unknown }).kept)).toBe(JSON.stringify(input));
  });
});
