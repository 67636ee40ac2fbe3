import { describe, expect, it } from '@jest/globals';
import { asyncProperty, check } from 'fast-check';
import { report, seedOfRun, sizeOfRun } from '../support/campaign.js';
import { compare } from './compare.js';
import { Coverage } from './coverage.js';
import { fairGraphs } from './generate/fair-graphs.js';
import { interpret } from './interpreter/interpret.js';
import { simulated } from './simulated.js';

const GRAPHS = sizeOfRun('AGF_SIMULATIONS', 2_000);

describe('generated graphs in simulation', () => {
  it('come to what the plain interpreter tells', async () => {
    const [seed, began, coverage] = [seedOfRun(), Date.now(), new Coverage()];
    const property = asyncProperty(fairGraphs, async (graph) => {
      coverage.drawn(graph);
      compare(await simulated(graph), interpret(graph.definition, graph.world, coverage.tell));
    });
    const { failed, counterexample, errorInstance } = await check(property, { numRuns: GRAPHS, seed });
    const failures = failed ? [`${JSON.stringify(counterexample)}\n${String(errorInstance)}`] : [];
    report('simulation', {
      graphs: GRAPHS,
      seed,
      duration_ms: Date.now() - began,
      counts: coverage.counts,
      failures,
    });
    expect(failures).toEqual([]);
    coverage.suffices(GRAPHS);
  }, 3_600_000);
});
