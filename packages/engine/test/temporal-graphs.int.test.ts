import { describe, expect, it } from '@jest/globals';
import { sample } from 'fast-check';
import { isTimeOver, report, seedOfRun, sizeOfRun } from '@aumos/agf-testing';
import { EngineHarness } from './support/engine-harness.js';
import { asObserved } from './simulate/as-observed.js';
import { compare } from './simulate/compare.js';
import { Coverage } from './simulate/coverage.js';
import { GraphRunner } from './simulate/executed.js';
import { fairGraphs } from './simulate/generate/fair-graphs.js';
import type { Generated } from './simulate/generate/graph.js';
import { interpret } from './simulate/interpreter/interpret.js';

const GRAPHS = sizeOfRun('AGF_TEMPORAL_GRAPHS', 100);
const AT_ONCE = 10;
/** Graphs of one harness: what it keeps of them, histories to replay included, must fit into memory. */
const BATCH = 50;

/** Some graphs on an engine of their own. @returns a line each that came to something else, or cannot be replayed */
async function batch(graphs: readonly Generated[], from: number, coverage: Coverage): Promise<string[]> {
  const engine = await EngineHarness.open();
  const runner = new GraphRunner(engine);
  const failures: string[] = [];
  const check = async (graph: Generated, index: number): Promise<void> => {
    try {
      coverage.drawn(graph);
      const observed = await runner.execute(graph, `generated-${String(index)}`, index % 3 === 0);
      const expected = interpret(graph.definition, graph.world, coverage.tell);
      compare(observed, asObserved(expected, observed));
    } catch (error) {
      failures.push(`${JSON.stringify(graph)}\n${String(error)}`);
    }
  };
  const waiting = graphs.entries();
  const lane = async (): Promise<void> => {
    for (const [i, graph] of waiting) await check(graph, from + i);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  failures.push(...(await engine.replayAll()));
  await engine.close();
  return failures;
}

describe('generated graphs in Temporal', () => {
  it('come to what the plain interpreter tells, and their histories replay', async () => {
    const [seed, began, coverage] = [seedOfRun(), Date.now(), new Coverage()];
    const graphs = sample(fairGraphs, { numRuns: GRAPHS, seed });
    const failures: string[] = [];
    let done = 0;
    while (done < GRAPHS && !isTimeOver(began)) {
      const some = graphs.slice(done, done + BATCH);
      failures.push(...(await batch(some, done, coverage)));
      done += some.length;
      const figures = { graphs: done, seed, duration_ms: Date.now() - began, counts: coverage.counts, failures };
      report('temporal', `temporal: ${String(done)} graphs of the seed ${String(seed)}`, figures);
    }
    expect(failures).toEqual([]);
    coverage.suffices(done);
  }, 7_200_000);
});
