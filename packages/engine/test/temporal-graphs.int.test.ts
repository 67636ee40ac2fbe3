import { describe, expect, it } from '@jest/globals';
import { sample } from 'fast-check';
import { useEngine } from './support/engine-harness.js';
import { compare, type Observed } from './simulate/compare.js';
import { Coverage } from './simulate/coverage.js';
import { GraphRunner } from './simulate/executed.js';
import { fairGraphs } from './simulate/generate/fair-graphs.js';
import type { Generated } from './simulate/generate/graph.js';
import { interpret } from './simulate/interpreter/interpret.js';
import type { Expected } from './simulate/interpreter/expected.js';

const GRAPHS = Number(process.env['AGF_TEMPORAL_GRAPHS'] ?? 30);
const AT_ONCE = 10;

/** A refused write comes after its visit was recorded, by whoever took the record along: the row may say completed. */
const REFUSED_WRITES = ['STATE_SCHEMA', 'STATE_CONFLICT'];

/** What real time leaves open, as it was observed. */
function asObserved(expected: Expected, observed: Observed): Expected {
  const visits = expected.visits.map((visit) => {
    const row = observed.visits.find((seen) => seen.node === visit.node && seen.visit === visit.visit);
    if (row && REFUSED_WRITES.includes(visit.error?.code ?? ''))
      return { ...visit, error: row.error, output: row.output };
    // A slow call leaves no time to wait for its breaker.
    return row && visit.error?.code === 'CIRCUIT_OPEN' ? { ...visit, calls: Math.min(visit.calls, row.calls) } : visit;
  });
  return { ...expected, visits };
}

describe('generated graphs in Temporal', () => {
  const engine = useEngine();

  it('come to what the plain interpreter tells', async () => {
    const coverage = new Coverage();
    const runner = new GraphRunner(engine());
    const failures: string[] = [];
    const check = async (graph: Generated, name: string, several: boolean): Promise<void> => {
      try {
        const observed = await runner.execute(graph, name, several);
        const expected = interpret(graph.definition, graph.world, coverage.tell);
        compare(observed, asObserved(expected, observed));
      } catch (error) {
        failures.push(`${JSON.stringify(graph)}\n${String(error)}`);
      }
    };
    const waiting = sample(fairGraphs, GRAPHS).entries();
    const lane = async (): Promise<void> => {
      for (const [i, graph] of waiting) await check(graph, `generated-${String(i)}`, i % 3 === 0);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    coverage.report(GRAPHS);
    expect(failures).toEqual([]);
  }, 600_000);
});
