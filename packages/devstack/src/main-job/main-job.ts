import { type ReceivedEvent } from '@aumos/agf-events';
import { type LocalFile } from '../system/local-file.js';
import { Api } from './api.js';
import { APPROVER, decidePending, isInteractive } from './approve.js';
import { carsDataset } from './dataset.js';
import { TABLE } from './dataset-publish.js';
import { listen } from './events.js';
import { type Execution, follow, type Visit } from './follow.js';
import { type Profile, profileTable } from './profile-table.js';
import { publish } from './publish.js';
import { say } from './show.js';
import { startExecution } from './start-execution.js';
import { rowsIn } from './warehouse-rows.js';

export interface MainJobOptions {
  /** approve without asking */
  yes?: boolean;
}

/** A person may have a coffee before the answer. */
const WITHIN_MS = { asked: 24 * 3_600_000, alone: 180_000 };

function showEvent({ event_type, aggregate_type, aggregate_id, aggregate_version }: ReceivedEvent): void {
  say('event', `${event_type} (${aggregate_type} ${aggregate_id}, version ${String(aggregate_version)})`);
}

function showVisit({ node, type, status, output }: Visit): void {
  say('node', `${node} (${type}) ${status}`);
  if (node !== 'profile' || status !== 'completed') return;
  for (const line of profileTable(output as Profile)) say('', line);
}

const showStatus = ({ status, current_node }: Execution): void => {
  say('execution', status === 'paused_hitl' ? `${status} at ${current_node ?? 'a gate'}` : status);
};

/** Publishes, starts, follows to the end, while the events come in. */
async function runExecution(local: LocalFile, yes: boolean, workflowId: string, developer: Api): Promise<Execution> {
  const approver = await Api.as(APPROVER, local);
  const listening = await listen(local.kafka.split(','), showEvent);
  try {
    const id = await startExecution(developer, workflowId, carsDataset());
    listening.about(id);
    const watching = {
      onStatus: showStatus,
      onVisit: showVisit,
      onPaused: (left: AbortSignal) => decidePending({ approver, gateway: local.gateway, yes }, id, left),
    };
    const execution = await follow(
      developer,
      id,
      watching,
      yes || !isInteractive() ? WITHIN_MS.alone : WITHIN_MS.asked,
    );
    await listening.until(['agf.workflow.completed', 'agf.workflow.failed']);
    return execution;
  } finally {
    await listening.close();
  }
}

function showLinks({ gateway, temporal_ui, temporal_namespace }: LocalFile): void {
  say('look', `the API's documentation: ${gateway}/docs`);
  if (temporal_ui) say('look', `the execution in Temporal: ${temporal_ui}/namespaces/${temporal_namespace}/workflows`);
}

async function runMainJob(local: LocalFile, yes: boolean): Promise<number> {
  const developer = await Api.as('acme-developer', local);
  const { rows } = carsDataset();
  const before = await rowsIn(local.warehouse, 'acme', TABLE);
  const workflow = await publish(developer);
  say('workflow', `dataset-publish is ${workflow.isNew ? 'published' : 'there already'} (${workflow.id})`);
  const { status, error_details } = await runExecution(local, yes, workflow.id, developer);
  const added = (await rowsIn(local.warehouse, 'acme', TABLE)) - before;
  say('warehouse', `acme.${TABLE} has ${String(before + added)} rows, ${String(added)} of them new`);
  showLinks(local);
  if (status === 'completed' && added === rows) {
    say('done', 'every row was loaded once');
    return 0;
  }
  say(
    'failed',
    error_details ? JSON.stringify(error_details) : `${status}, but ${String(rows)} new rows were expected`,
  );
  return 1;
}

/**
 * Runs `dataset-publish` on a real data set through the public API, and shows what happens as it happens.
 * @returns the exit code: 0 when the data arrived once, approved, and the events were seen
 */
export async function mainJob(local: LocalFile, { yes = false }: MainJobOptions): Promise<number> {
  try {
    return await runMainJob(local, yes);
  } catch (error) {
    say('failed', error instanceof Error ? error.message : String(error));
    return 1;
  }
}
