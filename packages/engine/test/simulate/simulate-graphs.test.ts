import { describe, expect, it } from '@jest/globals';
import { asyncProperty, check } from 'fast-check';
import { isTimeOver, report, seedOfRun, sizeOfRun } from '@aumos/agf-testing';
import { compare } from './compare.js';
import { Coverage } from './coverage.js';
import { fairGraphs } from './generate/fair-graphs.js';
import { interpret } from './interpreter/interpret.js';
import { simulated } from './simulated.js';

const GRAPHS = sizeOfRun('AGF_SIMULATIONS', 2_000);
/** What is told in between: a long run may be broken off. */
const BATCH = 2_000;

describe('generated graphs in simulation', () => {
  it('come to what the plain interpreter tells', async () => {
    const [seed, began, coverage] = [seedOfRun(), Date.now(), new Coverage()];
    const property = asyncProperty(fairGraphs, async (graph) => {
      coverage.drawn(graph);
      compare(await simulated(graph), interpret(graph.definition, graph.world, coverage.tell));
    });
    const failures: string[] = [];
    let done = 0;
    while (done < GRAPHS && failures.length === 0 && !isTimeOver(began)) {
      const numRuns = Math.min(BATCH, GRAPHS - done);
      const { failed, counterexample, errorInstance } = await check(property, { numRuns, seed: seed + done });
      if (failed) failures.push(`${JSON.stringify(counterexample)}\n${String(errorInstance)}`);
      done += numRuns;
      const figures = { graphs: done, seed, duration_ms: Date.now() - began, counts: coverage.counts, failures };
      report('simulation', `simulation: ${String(done)} graphs of the seed ${String(seed)}`, figures);
    }
    expect(failures).toEqual([]);
    coverage.suffices(done);
  }, 3_600_000);
});
