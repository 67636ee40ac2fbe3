import { describe, it } from '@jest/globals';
import { assert, asyncProperty } from 'fast-check';
import { compare } from './compare.js';
import { Coverage } from './coverage.js';
import { fairGraphs } from './generate/fair-graphs.js';
import { interpret } from './interpreter/interpret.js';
import { simulated } from './simulated.js';

const GRAPHS = Number(process.env['AGF_SIMULATIONS'] ?? 2_000);

describe('generated graphs in simulation', () => {
  it('come to what the plain interpreter tells', async () => {
    const coverage = new Coverage();
    const property = asyncProperty(fairGraphs, async (graph) => {
      compare(await simulated(graph), interpret(graph.definition, graph.world, coverage.tell));
    });
    await assert(property, { numRuns: GRAPHS });
    coverage.report(GRAPHS);
  }, 3_600_000);
});
