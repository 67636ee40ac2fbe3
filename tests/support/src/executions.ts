import { isEnded, type ExecutionStatus } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { type Answer, type Client } from './client.js';
import { type Definition } from './definitions.js';
import { type Approval, type Execution, type Page, type Problem, type Trace, type Visit } from './views.js';

const PATIENCE = { timeoutMs: 60_000, everyMs: 50 };

/** @returns the workflow's id */
export async function publish(client: Client, definition: Definition): Promise<string> {
  const answer = client.post<{ id: string }>('/workflows', { name: definition.name, graph_definition: definition });
  return (await client.must(201, answer)).id;
}

/** @returns what a tool takes as its source */
export async function upload(
  client: Client,
  body: string | Uint8Array<ArrayBuffer>,
  name = 'data.csv',
): Promise<string> {
  const raw = { type: 'text/csv', body };
  const answer = client.request<{ id: string }>('POST', `/artifacts?name=${encodeURIComponent(name)}`, { raw });
  return `artifact:${(await client.must(201, answer)).id}`;
}

/** @returns the execution's id */
export async function start(client: Client, workflowId: string, input: unknown = {}): Promise<string> {
  const answer = client.post<Execution>(`/workflows/${workflowId}/execute`, { input_data: input });
  return (await client.must(202, answer)).id;
}

export const execution = (client: Client, id: string): Promise<Execution> =>
  client.must(200, client.get<Execution>(`/executions/${id}`));

/** @returns the execution once it has the status; @throws when it ended otherwise */
export async function reaches(client: Client, id: string, status: ExecutionStatus): Promise<Execution> {
  const row = await eventually(
    async () => {
      const now = await execution(client, id);
      return now.status === status || isEnded(now.status) ? now : undefined;
    },
    `execution ${id} to be ${status}`,
    PATIENCE,
  );
  if (row.status !== status) throw new Error(`execution ${id} is ${row.status}: ${JSON.stringify(row.error_details)}`);
  return row;
}

/** @returns the execution once it has ended, however */
export async function ended(client: Client, id: string, timeoutMs = 60_000): Promise<Execution> {
  return eventually(
    async () => {
      const row = await execution(client, id);
      return isEnded(row.status) ? row : undefined;
    },
    `execution ${id} to end`,
    { ...PATIENCE, timeoutMs },
  );
}

/** @returns the execution, completed; @throws with its error when it ended otherwise */
export async function completed(client: Client, id: string, timeoutMs?: number): Promise<Execution> {
  const row = await ended(client, id, timeoutMs);
  if (row.status === 'completed') return row;
  throw new Error(`execution ${id} is ${row.status}: ${JSON.stringify(row.error_details)}`);
}

/** @returns the execution's open approvals, once there are so many and it is paused */
export async function pendingApprovals(client: Client, executionId: string, count = 1): Promise<Approval[]> {
  return eventually(
    async () => {
      const { status } = await execution(client, executionId);
      const { items } = await client.must(200, client.get<Page<Approval>>(`/hitl/pending?execution_id=${executionId}`));
      return status === 'paused_hitl' && items.length === count ? items : undefined;
    },
    `${String(count)} open approval(s) of execution ${executionId}`,
    PATIENCE,
  );
}

export async function pendingApproval(client: Client, executionId: string): Promise<Approval> {
  return (await pendingApprovals(client, executionId))[0] as Approval;
}

export async function nodesOf(client: Client, executionId: string): Promise<Visit[]> {
  const answer = client.get<Page<Visit>>(`/executions/${executionId}/nodes?page_size=100&sort_order=asc`);
  return (await client.must(200, answer)).items;
}

export async function tracesOf(client: Client, executionId: string): Promise<Trace[]> {
  const answer = client.get<Page<Trace>>(`/executions/${executionId}/traces?page_size=100`);
  return (await client.must(200, answer)).items;
}

/** @param who decides; any answer is one */
export const decide = (
  who: Client,
  approvalId: string,
  decision: 'approve' | 'reject' = 'approve',
  notes?: string,
): Promise<Answer<Approval & Problem>> =>
  who.post(`/hitl/${approvalId}/${decision}`, notes === undefined ? {} : { notes });
