import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { APPROVAL_WORKFLOW, GRAPH_WORKFLOW } from '../common/index.js';
import type { LargePayloads } from '../worker/large-payloads.js';
import type { HistoryFile } from './history-file.js';
import { contentsOf, namedPayloads } from './named-payloads.js';

/** Which histories: those named, or the newest ones. */
export type Exported =
  | { workflowIds: readonly string[] }
  /** `workflow`: the definition's name; without it approvals too. `newest`: executions, with all of their runs */
  | { workflow?: string; newest: number };

/** Looked through for those of one definition, at most. */
const MOST_LISTED = 2_000;

/**
 * Histories of Temporal with the large values that they name, run by run. What is under way is taken as far as it came.
 * @throws WorkflowNotFoundError for an id that is not there, or not any more
 */
export async function* exportHistories(
  client: Client,
  exported: Exported,
  payloads: LargePayloads,
): AsyncGenerator<HistoryFile> {
  if ('workflowIds' in exported) for (const id of exported.workflowIds) yield* runsOf(client, id, payloads);
  else yield* newestOf(client, exported, payloads);
}

async function* newestOf(
  client: Client,
  { workflow, newest }: Extract<Exported, { newest: number }>,
  payloads: LargePayloads,
): AsyncGenerator<HistoryFile> {
  const types = workflow === undefined ? [GRAPH_WORKFLOW, APPROVAL_WORKFLOW] : [GRAPH_WORKFLOW];
  const query = `WorkflowType IN (${types.map((type) => `'${type}'`).join(', ')})`;
  const seen = new Set<string>();
  let [listed, taken] = [0, 0];
  for await (const { workflowId } of client.workflow.list({ query })) {
    if (taken >= newest || ++listed > MOST_LISTED) return;
    if (seen.has(workflowId)) continue;
    seen.add(workflowId);
    if (workflow !== undefined && (await nameOf(client, workflowId)) !== workflow) continue;
    taken++;
    yield* runsOf(client, workflowId, payloads);
  }
}

/** The definition's name, by the summary of its first run: `<name> version <n>`. */
async function nameOf(client: Client, workflowId: string): Promise<string | undefined> {
  const newest = await client.workflow.getHandle(workflowId).describe();
  const first = newest.raw.workflowExecutionInfo?.firstRunId ?? newest.runId;
  const described = first === newest.runId ? newest : await client.workflow.getHandle(workflowId, first).describe();
  return (await described.staticSummary())?.replace(/ version \d+$/, '');
}

async function* runsOf(client: Client, workflowId: string, payloads: LargePayloads): AsyncGenerator<HistoryFile> {
  const fetch = async (runId?: string) => client.workflow.getHandle(workflowId, runId).fetchHistory();
  const [started] = (await fetch()).events ?? [];
  let runId = started?.workflowExecutionStartedEventAttributes?.firstExecutionRunId ?? undefined;
  while (runId) {
    const fetched = await fetch(runId);
    const history = JSON.parse(historyToJSON(fetched)) as HistoryFile['history'];
    const named = namedPayloads(history);
    const contents = named.length > 0 ? await contentsOf(named, payloads) : {};
    yield { format: 'agf/history/v1', workflow_id: workflowId, run_id: runId, history, payloads: contents };
    runId = fetched.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
  }
}
