import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { sample } from 'fast-check';
import { eventually, isTimeOver, report, seedOfRun, sizeOfRun } from '@aumos/agf-testing';
import { AskingWorker } from './support/asking-worker.js';
import { EngineHarness } from './support/engine-harness.js';
import { asObserved } from './simulate/as-observed.js';
import { compare } from './simulate/compare.js';
import { Coverage } from './simulate/coverage.js';
import { GraphRunner } from './simulate/executed.js';
import { fairGraphs } from './simulate/generate/fair-graphs.js';
import type { Generated } from './simulate/generate/graph.js';
import { interpret } from './simulate/interpreter/interpret.js';
import { expectedOnce, observedOnce, withstanding } from './simulate/withstanding.js';

/** So many are to lose their worker. */
const KILLED = sizeOfRun('AGF_KILLED_GRAPHS', 5);
const AT_ONCE = 12;
/** Activities that the worker asks for before it is killed, a graph: most make about ten. */
const ASKED_AT_MOST = 3;
const MOMENT_MS = 40;
/** It is killed after so long at the latest. */
const MOST_MS = 5_000;

/** Everything that a run of this suite counts. */
class Killing {
  readonly coverage = new Coverage();
  readonly failures: string[] = [];
  graphs = 0;
  kills = 0;
  /** graphs that the killed worker had served and that had not ended */
  lost = 0;

  /** Some graphs at once, on a worker that is killed at some moment, and on the next one. */
  async batch(graphs: readonly Generated[]): Promise<void> {
    const engine = await EngineHarness.open({ executionWorker: false });
    const open = () => AskingWorker.open(engine.queues.executions, engine.activities);
    const [first, second] = await Promise.all([open(), open()]);
    try {
      await first.begin();
      const runner = new GraphRunner(engine);
      let under = graphs.length;
      const over = graphs.map((graph, i) => this.check(runner, graph, this.graphs + i).finally(() => under--));
      const after = 1 + Math.floor(Math.random() * ASKED_AT_MOST * graphs.length);
      // What waits for people or time asks for no more: it is killed all the same.
      const soon = { everyMs: 1, timeoutMs: MOST_MS };
      await eventually(() => first.questions >= after || under === 0, 'work', soon).catch(() => undefined);
      await sleep(Math.random() * MOMENT_MS);
      first.kill();
      this.kills++;
      const hasEnded = (id: string): boolean => engine.activities.of(id).outcome !== undefined;
      this.lost += runner.begun.filter((id) => first.served.has(id) && !hasEnded(id)).length;
      await second.begin();
      await Promise.all(over);
      this.failures.push(...(await engine.replayAll()));
    } finally {
      first.kill();
      second.kill();
      await engine.close();
    }
    this.graphs += graphs.length;
  }

  private async check(runner: GraphRunner, graph: Generated, index: number): Promise<void> {
    try {
      this.coverage.drawn(graph);
      const observed = await runner.execute(graph, `killed-${String(index)}`, index % 3 === 0);
      const expected = asObserved(interpret(graph.definition, graph.world, this.coverage.tell), observed);
      compare(observedOnce(observed), expectedOnce(expected));
    } catch (error) {
      this.failures.push(`${JSON.stringify(graph)}\n${String(error)}`);
    }
  }
}

describe('generated graphs whose worker is killed', () => {
  it('come to what the plain interpreter tells all the same, and their histories replay', async () => {
    const [seed, began, killing] = [seedOfRun(), Date.now(), new Killing()];
    for (let part = 0; killing.lost < KILLED && killing.failures.length === 0 && !isTimeOver(began); part++) {
      const numRuns = Math.min(AT_ONCE, KILLED - killing.lost + 3);
      await killing.batch(sample(fairGraphs, { numRuns, seed: seed + part }).map(withstanding));
      const { graphs, kills, lost, coverage, failures } = killing;
      const counts = { 'worker killed': kills, 'graph lost its worker': lost, ...coverage.counts };
      const figures = { graphs, seed, duration_ms: Date.now() - began, counts, failures };
      report('kills', `kills: ${String(graphs)} graphs of the seed ${String(seed)}`, figures);
    }
    expect(killing.failures).toEqual([]);
    if (!isTimeOver(began)) expect(killing.lost).toBeGreaterThanOrEqual(KILLED);
  }, 3_600_000);
});
