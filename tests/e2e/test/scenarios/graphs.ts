import { readFileSync } from 'node:fs';
import {
  type Client,
  completed,
  decide,
  type Definition,
  nodesOf,
  pendingApproval,
  publish,
  start,
  unique,
  upload,
  vegaDataset,
} from '@aumos/agf-test-support';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { as, world } from '../system.js';
import { TeamWorker } from './team-worker.js';

const WORKER = new URL('../../../../examples/graph-worker/dist/main.js', import.meta.url);
const WORKFLOW = new URL('../../../../examples/graph-worker/load-all.json', import.meta.url);
const dataset = vegaDataset('lookup_groups.csv');

/** A team's LangGraph graph, run by the example's own worker. */
export function graphs(): void {
  let developer: Client;
  let approver: Client;
  let worker: TeamWorker;
  let workflow: string;
  let source: string;

  beforeAll(async () => {
    [developer, approver, worker] = await Promise.all([
      as('acme-developer'),
      as('acme-approver-1'),
      TeamWorker.start(WORKER),
    ]);
    const definition = JSON.parse(readFileSync(WORKFLOW, 'utf8')) as Definition;
    workflow = await publish(developer, { ...definition, name: unique('load-all') });
    source = await upload(developer, dataset.csv, dataset.name);
  }, 90_000);
  afterAll(async () => {
    await worker.end('SIGTERM');
  });

  it('ask people, survive their worker, and have their risky calls approved before a row is written', async () => {
    const table = unique('graph');
    const id = await start(developer, workflow, { sources: [source], table });
    const asked = await pendingApproval(approver, id);
    expect(asked).toMatchObject({ node: 'load_all~1~ask~approval', requested_by: 'acme-developer' });
    await worker.end('SIGKILL');
    worker = await TeamWorker.start(WORKER);
    expect((await decide(approver, asked.id, 'approve')).status).toBe(200);
    const risky = await pendingApproval(approver, id);
    expect(risky).toMatchObject({ node: 'load_all~1~load~table_load', privilege_level: 3 });
    expect(await world().count('acme', table)).toBe(0);
    expect((await decide(approver, risky.id, 'approve')).status).toBe(200);
    expect((await completed(developer, id)).output_data).toEqual({ loaded: 1 });
    expect(await world().count('acme', table)).toBe(dataset.rows.length);
    expect((await nodesOf(developer, id)).map(({ node, type, status }) => `${type} ${node} ${status}`).sort()).toEqual([
      'function load_all completed',
      'gate load_all~1~ask~approval completed',
      'graph_node load_all~1~ask completed',
      'graph_node load_all~1~load completed',
      'graph_node load_all~1~profile completed',
      'tool load_all~1~load~table_load completed',
      'tool load_all~1~profile~csv_profile completed',
    ]);
  });

  it('go on without what people refused', async () => {
    const table = unique('graph');
    const id = await start(developer, workflow, { sources: [source], table });
    const asked = await pendingApproval(approver, id);
    await decide(approver, asked.id, 'reject', 'not now');
    expect((await completed(developer, id)).output_data).toEqual({ loaded: 0 });
    expect(await world().count('acme', table)).toBe(0);
  });
}
