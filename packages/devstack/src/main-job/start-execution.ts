import { randomBytes, randomUUID } from 'node:crypto';
import { type Api } from './api.js';
import { type Dataset } from './dataset.js';
import { type Execution } from './follow.js';
import { say } from './show.js';

/** Uploads the data set as an artifact. @returns how a tool names it */
async function upload(api: Api, { name, csv, rows }: Dataset): Promise<string> {
  const raw = { type: 'text/csv', body: csv };
  const { id } = await api.call<{ id: string }>('POST', `/artifacts?name=${encodeURIComponent(name)}`, { raw });
  say('artifact', `${name}, ${String(rows)} rows of vega-datasets (artifact:${id})`);
  return `artifact:${id}`;
}

/** Starts the workflow on the data set, under a trace of its own. @returns the execution's id */
export async function startExecution(api: Api, workflowId: string, dataset: Dataset): Promise<string> {
  const source = await upload(api, dataset);
  const trace = randomBytes(16).toString('hex');
  const { id } = await api.call<Execution>('POST', `/workflows/${workflowId}/execute`, {
    json: { input_data: { source } },
    headers: { 'idempotency-key': randomUUID(), traceparent: `00-${trace}-${randomBytes(8).toString('hex')}-01` },
  });
  say('execution', `${id} accepted; trace id ${trace}, in the logs of all four apps: grep -l ${trace} .agf/logs/*.log`);
  return id;
}
