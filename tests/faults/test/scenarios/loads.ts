import {
  type Client,
  completed,
  decide,
  execution,
  loadWorkflow,
  nodesOf,
  numberedRows,
  pendingApproval,
  publish,
  start,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';
import { Connection } from '@temporalio/client';
import { expect, it, beforeAll } from '@jest/globals';
import { as, system, world } from '../system.js';

/** Enough that a load takes seconds. */
const ROWS = 200_000;
let developer: Client;
let approver: Client;
let source: string;

/** Starts a load and approves it. */
async function approved(table: string): Promise<string> {
  const id = await start(developer, await publish(developer, loadWorkflow({ table })), { source });
  expect((await decide(approver, (await pendingApproval(developer, id)).id)).status).toBe(200);
  return id;
}

/** Until PostgreSQL has taken some of the rows, and not all of them. */
async function inTheMiddle(): Promise<void> {
  await eventually(
    async () => {
      const { rows } = await world().warehouse.query<{ n: number }>(
        'select tuples_processed::int as n from pg_stat_progress_copy',
      );
      return rows.some(({ n }) => n > ROWS / 20 && n < ROWS);
    },
    'a load to be in its middle',
    { timeoutMs: 60_000, everyMs: 5 },
  );
}

async function loadedOnce(id: string, table: string): Promise<void> {
  const row = await completed(developer, id);
  expect(row.output_data).toMatchObject({ loaded: { table, rows: ROWS } });
  const { rows } = await world().warehouse.query(
    `select count(*)::int as rows, count(distinct id)::int as ids, min(id)::int as first, max(id)::int as last
     from acme.${table}`,
  );
  expect(rows).toEqual([{ rows: ROWS, ids: ROWS, first: 1, last: ROWS }]);
}

export function loads(): void {
  beforeAll(async () => {
    [developer, approver] = await Promise.all([as('acme-developer'), as('acme-approver-1')]);
    source = await upload(developer, numberedRows(ROWS));
  });

  it('is done once when its worker is killed in the middle', async () => {
    const table = unique('killed');
    const id = await approved(table);
    await inTheMiddle();
    system().kill('execution-worker');
    await eventually(async () => (await world().count('acme', table)) === 0, 'the half load to be undone');
    expect((await execution(developer, id)).status).toBe('running');
    await loadedOnce(id, table);
    const [visit] = await nodesOf(developer, id);
    expect(visit?.attempts).toBeGreaterThan(1);
  });

  it('is done once when its worker hangs beyond its heartbeat and then goes on beside the next attempt', async () => {
    const table = unique('stopped');
    const id = await approved(table);
    await inTheMiddle();
    system().kill('execution-worker', 'SIGSTOP');
    try {
      await eventually(() => isTriedAgain(id), 'Temporal to give the load out again', { timeoutMs: 30_000 });
    } finally {
      system().kill('execution-worker', 'SIGCONT');
    }
    await loadedOnce(id, table);
  });
}

/** Whether Temporal has given up the first attempt. */
async function isTriedAgain(executionId: string): Promise<boolean> {
  const { temporal, temporal_namespace: namespace } = world().local;
  const { temporal_workflow_id: workflowId } = (
    await world().rows<{ temporal_workflow_id: string }>(
      'select temporal_workflow_id from agf_workflow_executions where id = $1',
      [executionId],
    )
  )[0] ?? { temporal_workflow_id: '' };
  const connection = await Connection.connect({ address: temporal });
  try {
    const { pendingActivities } = await connection.workflowService.describeWorkflowExecution({
      namespace,
      execution: { workflowId },
    });
    return (pendingActivities ?? []).some(({ attempt }) => (attempt ?? 1) > 1);
  } finally {
    await connection.close();
  }
}
