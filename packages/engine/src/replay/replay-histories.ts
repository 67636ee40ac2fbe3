import { Worker } from '@temporalio/worker';
import { APPROVAL_WORKFLOW, GRAPH_WORKFLOW } from '../common/index.js';
import { APPROVAL_BUNDLE_PATH, GRAPH_BUNDLE_PATH } from '../worker/bundles.js';
import { withLargePayloads } from '../worker/large-payloads.js';
import { workflowTypeOf, type HistoryFile } from './history-file.js';
import { payloadsOf } from './named-payloads.js';

export interface ReplayReport {
  workflow_id: string;
  run_id: string;
  workflow_type: string;
  /** null: the current code does what the history tells */
  error: string | null;
}

/** By workflow type, the code that runs it. */
const BUNDLES: Readonly<Record<string, string>> = {
  [GRAPH_WORKFLOW]: GRAPH_BUNDLE_PATH,
  [APPROVAL_WORKFLOW]: APPROVAL_BUNDLE_PATH,
};

/**
 * Replays histories on this build's workflow code. Nothing runs: no activity is called, no server is asked.
 * @yields a report each, those of one workflow type after the other
 */
export async function* replayHistories(
  files: readonly HistoryFile[],
  bundles: Readonly<Record<string, string>> = BUNDLES,
): AsyncGenerator<ReplayReport> {
  for (const type of new Set(files.map(workflowTypeOf))) {
    const ofType = files.filter((file) => workflowTypeOf(file) === type);
    const codePath = bundles[type];
    if (codePath === undefined) {
      for (const file of ofType) yield reportOf(file, `there is no code of ours for the workflow type "${type}"`);
      continue;
    }
    const options = { workflowBundle: { codePath }, dataConverter: withLargePayloads(payloadsOf(ofType)) };
    // Ids of executions come again with their next runs; an index tells the histories apart.
    const histories = ofType.map(({ history }, i) => ({ workflowId: String(i), history }));
    for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) {
      const file = ofType[Number(workflowId)];
      if (file) yield reportOf(file, error?.message ?? null);
    }
  }
}

const reportOf = (file: HistoryFile, error: string | null): ReplayReport => ({
  workflow_id: file.workflow_id,
  run_id: file.run_id,
  workflow_type: workflowTypeOf(file),
  error,
});
