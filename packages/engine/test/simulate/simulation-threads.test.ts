import { afterAll, describe, expect, it } from '@jest/globals';
import type { WorkflowDefinition } from '@aumos/agf-domain';
import {
  type SimulationScript,
  SimulationError,
  SimulationLimitError,
  SimulationsBusyError,
  SimulationThreads,
} from '../../src/simulate/index.js';

const SCRIPT: SimulationScript = { tools: {}, input: { n: 1 } };
const loop = (set: Record<string, { cel: string }>, condition: string): WorkflowDefinition => ({
  schema: 'agf/workflow/v1',
  name: 'loop',
  state: { n: { default: 0 }, text: { default: 'x' } },
  nodes: [{ id: 'again', type: 'transform', set }],
  edges: [
    { source: 'START', target: 'again' },
    { source: 'again', target: 'again', condition },
    { source: 'again', target: 'END', otherwise: true },
  ],
  limits: { max_steps: 100_000_000 },
});
const short = loop({ n: { cel: 'state.n + input.n' } }, 'state.n < 3');
const endless = loop({ n: { cel: 'state.n + 1' } }, 'true');

describe('simulations in threads of their own', () => {
  const opened: SimulationThreads[] = [];
  const threads = (options: ConstructorParameters<typeof SimulationThreads>[0]): SimulationThreads => {
    opened.push(new SimulationThreads(options));
    return opened.at(-1)!;
  };
  afterAll(() => Promise.all(opened.map((each) => each.close())));

  it('come to the same as in the caller’s, one after the other and several at once', async () => {
    const pool = threads({ threads: 2 });
    const all = await Promise.all([1, 2, 3, 4].map(() => pool.simulate(short, SCRIPT)));
    for (const each of all) expect(each).toMatchObject({ status: 'completed', output: { n: 3 }, steps: 3 });
  });

  it('that loop are broken off, while the caller goes on; the next one is made all the same', async () => {
    const pool = threads({ threads: 1, timeMs: 700 });
    let ticks = 0;
    const clock = setInterval(() => ticks++, 20);
    const [endlessOne, next] = await Promise.allSettled([pool.simulate(endless, SCRIPT), pool.simulate(short, SCRIPT)]);
    clearInterval(clock);
    expect(endlessOne).toMatchObject({ status: 'rejected', reason: { limit: 'time' } });
    expect(endlessOne.status === 'rejected' && endlessOne.reason).toBeInstanceOf(SimulationLimitError);
    expect(next).toMatchObject({ status: 'fulfilled', value: { status: 'completed' } });
    expect(ticks).toBeGreaterThan(10);
  });

  it('that grow are broken off', async () => {
    const pool = threads({ threads: 1, timeMs: 20_000, memoryMb: 48 });
    const grows = loop(
      { n: { cel: 'state.n + 1' }, text: { cel: "state.text + string(state.n) + 'xxxxxxxxxxxxxxxxxxxxxxxx'" } },
      'true',
    );
    await expect(pool.simulate(grows, SCRIPT)).rejects.toMatchObject({ limit: 'memory' });
    expect(await pool.simulate(short, SCRIPT)).toMatchObject({ status: 'completed' });
  });

  it('whose result is too large are refused', async () => {
    await expect(threads({ resultBytes: 500 }).simulate(short, SCRIPT)).rejects.toMatchObject({ limit: 'size' });
  });

  it('tell which answer they miss', async () => {
    const definition: WorkflowDefinition = {
      ...short,
      nodes: [{ id: 'again', type: 'tool', tool: 'csv_profile', arguments: {} }],
      edges: [
        { source: 'START', target: 'again' },
        { source: 'again', target: 'END' },
      ],
    };
    const spec = {
      name: 'csv_profile',
      version: 1,
      description: '',
      category: 'data' as const,
      input_schema: true,
      output_schema: true,
      min_privilege_level: 1 as const,
      idempotent: true,
      timeout_seconds: 5,
    };
    const missed = threads({}).simulate(definition, { tools: { csv_profile: spec } });
    await expect(missed).rejects.toBeInstanceOf(SimulationError);
    await expect(missed).rejects.toMatchObject({
      code: 'UNANSWERED',
      site: { node: 'again', visit: 1 },
      message: 'again, visit 1: no answer for attempt 1 of a call of "csv_profile"',
    });
  });

  it('beyond what waits are refused at once', async () => {
    const pool = threads({ threads: 1, waiting: 1 });
    const asked = [1, 2, 3].map(() => pool.simulate(short, SCRIPT));
    await expect(asked[2]).rejects.toBeInstanceOf(SimulationsBusyError);
    await Promise.all(asked.slice(0, 2));
  });
});
