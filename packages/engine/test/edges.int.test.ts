import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EngineHarness } from './support/engine-harness.js';
import { TRAIL, edge, step, tool, workflow } from './support/definitions.js';

describe('edges', () => {
  let engine: EngineHarness;
  beforeAll(async () => {
    engine = (await EngineHarness.open()).tool('echo', (args) => args);
  });
  afterAll(async () => {
    expect(await engine.replayAll()).toEqual([]);
    await engine.close();
  });

  it('runs a chain of transforms and a tool', async () => {
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
});
