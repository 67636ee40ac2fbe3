import { randomUUID } from 'node:crypto';
import type { Json, ToolSpec, WorkflowDefinition } from '@aumos/agf-domain';
import { testStack } from '@aumos/agf-testing';
import { Worker } from '@temporalio/worker';
import type { EngineHarness } from '../../../engine/test/support/engine-harness.js';
import { bundleGraphs, createGraphWorker, graphsQueue, type GraphBundle, type GraphWorker } from '../../src/index.js';

export const GRAPHS = new URL('./graphs.mjs', import.meta.url);

/** It takes its time: once a suite. */
let bundle: Promise<GraphBundle> | undefined;

/** A team with a queue of its own, and a definition for each of its graphs. */
export class Team {
  readonly name = `t${randomUUID().slice(0, 8)}`;
  private readonly workers: GraphWorker[] = [];

  private constructor(readonly bundle: GraphBundle) {}

  static async open(): Promise<Team> {
    return new Team(await (bundle ??= bundleGraphs(GRAPHS)));
  }

  get queue(): string {
    return graphsQueue(this.name);
  }

  async work(maxCachedGraphs?: number): Promise<GraphWorker> {
    const { temporal: address, temporal_namespace: namespace } = testStack();
    const { name: team, bundle } = this;
    const cached = maxCachedGraphs === undefined ? {} : { maxCachedGraphs };
    const worker = await createGraphWorker({ address, namespace, team, bundle, ...cached });
    this.workers.push(worker);
    void worker.run();
    return worker;
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.shutdown()));
  }

  /** One node that calls the graph with the execution's input. */
  calling(graph: string, node: Record<string, Json> = {}, more: Partial<WorkflowDefinition> = {}): WorkflowDefinition {
    const call = { id: 'g', type: 'function', handler: graph, task_queue: this.queue, output: 'r' };
    return {
      schema: 'agf/workflow/v1',
      name: 'calls-a-graph',
      state: { r: {}, error_code: {} },
      nodes: [{ ...call, arguments: { cel: 'input' }, ...node } as WorkflowDefinition['nodes'][number]],
      edges: [
        { source: 'START', target: 'g' },
        { source: 'g', target: 'END' },
      ],
      output: { cel: 'state.r' },
      ...more,
    };
  }

  /** The histories of graphs, on the current bundle. @returns the errors */
  async replayErrors(engine: EngineHarness, executionIds: readonly string[]): Promise<string[]> {
    const errors: string[] = [];
    for (const id of executionIds) {
      const workflowId = `tenant-a/${id}/graph/g/1`;
      const handle = engine.client.workflow.getHandle(workflowId);
      await handle.result().catch(() => undefined);
      const history = await handle.fetchHistory();
      const replayed = Worker.runReplayHistories({ workflowBundle: this.bundle }, [{ workflowId, history }]);
      for await (const { error } of replayed) if (error) errors.push(`${id}: ${error.message}`);
    }
    return errors;
  }
}

export const spec = (name: string, more: Partial<ToolSpec> = {}): ToolSpec => ({
  ...{ name, version: 1, description: name, category: 'data', input_schema: true, output_schema: true },
  ...{ min_privilege_level: 2, idempotent: true, timeout_seconds: 30 },
  ...more,
});
