import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ToolError } from '@aumos/agf-domain';
import { CACHING, EngineHarness } from './support/engine-harness.js';
import { TRAIL, edge, join, step, tool, workflow } from './support/definitions.js';

describe.each(CACHING)('edges, %s', (_, options) => {
  let engine: EngineHarness;
  beforeAll(async () => {
    engine = (await EngineHarness.open(options)).tool('echo', (args) => args);
    engine.tool('moody', ({ fail }) => {
      if (fail) throw new ToolError('MOODY', 'not today');
      return null;
    });
  });
  afterAll(async () => {
    await engine.replayAndClose();
  });

  const trailOf = async (parts: Parameters<typeof workflow>[0], input = {}) => {
    const { output, error } = await engine.execute(
      workflow({ state: TRAIL, more: { output: { cel: 'state.trail' } }, ...parts }),
      { input },
    );
    return error ? error.code : output;
  };

  it('runs transforms around a tool, and records what ended in the workflow with the next activity', async () => {
    const { status, output, error, run } = await engine.execute(
      workflow({
        state: { ...TRAIL, said: {} },
        nodes: [step('a'), tool('b', 'echo', { arguments: { x: { cel: 'input.x + 1' } }, output: 'said' }), step('c')],
        edges: [edge('START > a'), edge('a > b'), edge('b > c'), edge('c > END')],
      }),
      { input: { x: 1 } },
    );
    expect({ status, output, error }).toEqual({
      status: 'completed',
      error: null,
      output: { said: { x: 2 }, trail: ['a', 'c'] },
    });
    expect(run.recorded.log).toEqual(['completed a#1', 'run b#1', 'ran b#1', 'completed c#1', 'outcome completed']);
  });

  it('fires the first true condition, else otherwise', async () => {
    const parts = {
      nodes: [step('a'), step('big'), step('bigger'), step('rest'), step('always')],
      edges: [
        edge('START > a'),
        edge('a > big', { condition: 'input.n > 1' }),
        edge('a > bigger', { condition: 'input.n > 0 && size(state.trail) == 1' }),
        edge('a > rest', { otherwise: true }),
        edge('a > always'),
        ...['big', 'bigger', 'rest', 'always'].map((id) => edge(`${id} > END`)),
      ],
    };
    expect(await trailOf(parts, { n: 2 })).toEqual(['a', 'always', 'big']);
    expect(await trailOf(parts, { n: 1 })).toEqual(['a', 'always', 'bigger']);
    expect(await trailOf(parts, { n: 0 })).toEqual(['a', 'always', 'rest']);
  });

  it('fails where no condition is true, also beside a plain edge, and lets on_error take it', async () => {
    const nodes = [step('a'), step('b'), step('c')];
    const edges = [
      edge('START > a'),
      edge('a > b', { condition: 'false' }),
      edge('a > c'),
      edge('b > END'),
      edge('c > END'),
    ];
    expect(await trailOf({ nodes, edges })).toBe('NO_EDGE_MATCHED');
    const caught = [step('a', { on_error: 'b' }), step('b'), step('c')];
    expect(await trailOf({ nodes: caught, edges })).toEqual(['a', 'b']);
  });

  it('decides at START as anywhere', async () => {
    const parts = {
      nodes: [step('a'), step('b')],
      edges: [
        edge('START > a', { condition: 'input.to == "a"' }),
        edge('START > b', { otherwise: true as const }),
        edge('a > END'),
        edge('b > END'),
      ],
    };
    expect(await trailOf(parts, { to: 'a' })).toEqual(['a']);
    expect(await trailOf(parts, { to: 'b' })).toEqual(['b']);
    const parts2 = { nodes: [step('a')], edges: [edge('START > a', { condition: 'false' }), edge('a > END')] };
    expect(await trailOf(parts2)).toBe('NO_EDGE_MATCHED');
  });

  it('runs the end of an unequal diamond once for each step it is reached in', async () => {
    const parts = {
      nodes: [step('a'), step('b'), step('c'), step('d')],
      edges: [edge('START > a'), edge('a > b'), edge('a > d'), edge('b > c'), edge('c > d'), edge('d > END')],
    };
    expect(await trailOf(parts)).toEqual(['a', 'b', 'd', 'c', 'd']);
  });

  it('runs a node once that several edges reach in one step', async () => {
    const parts = {
      nodes: [step('a'), step('b'), step('c')],
      edges: [edge('START > a'), edge('START > b'), edge('a > c'), edge('b > c'), edge('c > END')],
    };
    expect(await trailOf(parts)).toEqual(['a', 'b', 'c']);
  });

  it('joins branches of unequal length once', async () => {
    const parts = {
      nodes: [step('a'), step('b'), step('c'), step('d')],
      edges: [edge('START > a'), edge('START > b'), edge('b > c'), join(['a', 'c'], 'd'), edge('d > END')],
    };
    expect(await trailOf(parts)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('joins with an alternative: a, and one of b and its repair', async () => {
    const parts = {
      nodes: [
        step('a'),
        tool('b', 'moody', {
          arguments: { fail: { cel: 'input.fail' } },
          on_error: 'fix',
        }),
        step('fix'),
        step('d'),
      ],
      edges: [edge('START > a'), edge('START > b'), join(['a', ['b', 'fix']], 'd'), edge('d > END')],
    };
    expect(await trailOf(parts, { fail: false })).toEqual(['a', 'd']);
    expect(await trailOf(parts, { fail: true })).toEqual(['a', 'fix', 'd']);
  });

  it('fires a join again once each source has ended again', async () => {
    const parts = {
      state: { ...TRAIL, n: { reducer: 'sum' as const } },
      nodes: [step('a'), step('b'), { ...step('d'), set: { trail: ['d'], n: 1 } } as ReturnType<typeof step>],
      edges: [
        edge('START > a'),
        edge('START > b'),
        join(['a', 'b'], 'd'),
        edge('d > a', { condition: 'state.n < 2' }),
        edge('d > END', { otherwise: true as const }),
        edge('a > b', { condition: 'state.n > 0' }),
        edge('a > END', { otherwise: true as const }),
      ],
    };
    expect(await trailOf(parts)).toEqual(['a', 'b', 'd', 'a', 'b', 'd']);
  });

  it('names the join that still waits, or that END was never reached', async () => {
    const { error } = await engine.execute(
      workflow({
        nodes: [step('a'), step('b'), step('d')],
        state: TRAIL,
        edges: [
          edge('START > a'),
          edge('a > b', { condition: 'false' }),
          edge('a > END', { otherwise: true }),
          join(['a', 'b'], 'd'),
          edge('b > END'),
          edge('d > END'),
        ],
      }),
    );
    expect(error).toMatchObject({
      code: 'DEADLOCK',
      node: null,
      details: { joins: [{ target: 'd', missing: [['b']] }] },
    });
    expect(await trailOf({ nodes: [step('a')], edges: [edge('START > a')] })).toBe('DEADLOCK');
  });

  it('stops a cycle after max_steps', async () => {
    const parts = {
      nodes: [step('a'), step('b')],
      edges: [
        edge('START > a'),
        edge('a > b'),
        edge('b > a', { condition: 'size(state.trail) < 100' }),
        edge('b > END', { otherwise: true as const }),
      ],
    };
    const more = { output: { cel: 'size(state.trail)' } };
    expect(await trailOf({ ...parts, more: { ...more, limits: { max_steps: 7 } } })).toBe('MAX_STEPS');
    expect(await trailOf({ ...parts, more: { ...more, limits: { max_steps: 100 } } })).toBe(100);
  });

  it('ends at once where START leads to END', async () => {
    expect(await trailOf({ nodes: [step('a')], edges: [edge('START > END'), edge('a > END')] })).toEqual([]);
  });

  it('takes names that objects inherit', async () => {
    const { output } = await engine.execute(
      workflow({
        state: { constructor: { reducer: 'append' as const }, toString: {} },
        nodes: [
          { id: 'constructor', type: 'transform', set: { constructor: ['x'], toString: 'y' } },
          { id: 'hasOwnProperty', type: 'transform', set: { constructor: ['z'] } },
        ],
        edges: [edge('START > constructor'), edge('constructor > hasOwnProperty'), edge('hasOwnProperty > END')],
      }),
    );
    expect(output).toEqual({ constructor: ['x', 'z'], toString: 'y' });
  });

  it('records a definition that cannot run as failed', async () => {
    const definition = workflow({ nodes: [step('a')], edges: [edge('START > nowhere')] });
    expect((await engine.execute(definition)).error).toMatchObject({ code: 'INVALID_DEFINITION' });
  });
});
