import {
  type Client,
  completed,
  decide,
  type Definition,
  ended,
  type Execution,
  loadWorkflow,
  nodesOf,
  OPEN_GATE,
  type Page,
  pendingApproval,
  publish,
  start,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { beforeAll, expect, it } from '@jest/globals';
import { as, world } from '../system.js';

interface Checkpoint {
  step: number;
  nodes: { node: string; first_visit: number; visits: number }[];
  changed: string[];
  ended: boolean;
  ended_at: string | null;
  state: Record<string, unknown>;
}

let developer: Client;
let admin: Client;
let globex: Client;
let source: string;

/** `profile`, then at once `load`, which refuses a table that is there, and `beside`. */
const loadsNew = (table: string): Definition => ({
  ...loadWorkflow({ table, gate: OPEN_GATE }),
  state: { profile: {}, loaded: {}, notes: { reducer: 'append' } },
  nodes: [
    {
      id: 'profile',
      type: 'tool',
      tool: 'csv_profile',
      arguments: { source: { cel: 'input.source' } },
      output: 'profile',
    },
    { id: 'beside', type: 'transform', set: { notes: 'beside' } },
    {
      id: 'load',
      type: 'tool',
      tool: 'table_load',
      arguments: { source: { cel: 'input.source' }, table, mode: 'fail' },
      output: 'loaded',
      gate: 'publish',
    },
  ],
  edges: [
    { source: 'START', target: 'profile' },
    { source: 'profile', target: 'beside' },
    { source: 'profile', target: 'load' },
    { source: 'beside', target: 'END' },
    { source: 'load', target: 'END' },
  ],
  output: { cel: "{'rows': state.profile.rows, 'loaded': state.loaded.rows, 'notes': state.notes}" },
});

const counting = (): Definition => ({
  schema: 'agf/workflow/v1',
  name: unique('counting'),
  input: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
  state: { n: { schema: { type: 'integer' } }, log: { reducer: 'append' } },
  nodes: [
    { id: 'first', type: 'transform', set: { n: { cel: 'input.n' }, log: 'first' } },
    { id: 'twice', type: 'transform', set: { n: { cel: 'state.n * 2' }, log: 'twice' } },
  ],
  edges: [
    { source: 'START', target: 'first' },
    { source: 'first', target: 'twice' },
    { source: 'twice', target: 'twice', condition: 'state.n < 10' },
    { source: 'twice', target: 'END', otherwise: true },
  ],
});

const anew = async (client: Client, id: string, way: string, body: unknown = {}): Promise<Execution> =>
  client.must(202, client.post<Execution>(`/executions/${id}/${way}`, body));
const checkpoints = async (id: string): Promise<Checkpoint[]> =>
  (await developer.must(200, developer.get<Page<Checkpoint>>(`/executions/${id}/checkpoints?page_size=100`))).items;
const stateOf = async (id: string, step: number): Promise<Record<string, unknown>> =>
  (await developer.must(200, developer.get<Checkpoint>(`/executions/${id}/checkpoints/${String(step)}`))).state;

/** Executions that are looked into, and begun anew. */
export function anewAndInspected(): void {
  beforeAll(async () => {
    [developer, admin, globex] = await Promise.all([as('acme-developer'), as('acme-admin'), as('globex-admin')]);
    source = await upload(developer, 'a,b\n1,2\n3,4\n');
  });

  /** Somebody else's table is in its way. @returns the execution that failed for it */
  async function failedFor(table: string): Promise<string> {
    await world().warehouse.query(`create table acme.${table} (a int)`);
    const id = await start(developer, await publish(developer, loadsNew(table)), { source });
    expect(await ended(developer, id)).toMatchObject({ status: 'failed', error_details: { code: 'TABLE_EXISTS' } });
    return id;
  }

  it('retried, a failed one goes on from the step that failed, and what ended well does not run again', async () => {
    const table = unique('open_retried');
    const of = await failedFor(table);
    await world().warehouse.query(`drop table acme.${table}`);
    const made = await anew(admin, of, 'retry');
    expect(made).toMatchObject({
      initiator: 'acme-admin',
      origin: { kind: 'retry', execution_id: of, node: 'load', visit: 1 },
    });
    const row = await completed(developer, made.id);
    expect(row.output_data).toEqual({ rows: 2, loaded: 2, notes: ['beside'] });
    expect(await world().count('acme', table)).toBe(2);
    const [before, after] = [await nodesOf(developer, of), await nodesOf(developer, made.id)];
    const beside = before.find(({ node }) => node === 'beside');
    expect(after.map(({ node }) => node).sort()).toEqual(['beside', 'load']);
    expect(after.find(({ node }) => node === 'beside')).toMatchObject({ started_at: beside?.started_at, visit: 1 });
    expect((await ended(developer, of)).status).toBe('failed');
  });

  it('retried, one can fail again and be retried again', async () => {
    const table = unique('open_again');
    const of = await failedFor(table);
    const second = await anew(developer, of, 'retry', { node: 'load' });
    expect(await ended(developer, second.id)).toMatchObject({
      status: 'failed',
      error_details: { code: 'TABLE_EXISTS' },
    });
    await world().warehouse.query(`drop table acme.${table}`);
    const third = await anew(developer, second.id, 'retry');
    expect((await completed(developer, third.id)).output_data).toEqual({ rows: 2, loaded: 2, notes: ['beside'] });
  });

  it('asks for approvals anew, and who retried decides none of them', async () => {
    const table = unique('asked');
    const id = await start(developer, await publish(developer, loadWorkflow({ table })), { source });
    const rejected = await decide(await as('acme-approver-1'), (await pendingApproval(developer, id)).id, 'reject');
    expect(rejected.status).toBe(200);
    await ended(developer, id);
    const made = await anew(admin, id, 'retry');
    const approval = await pendingApproval(developer, made.id);
    expect((await decide(admin, approval.id)).status).toBe(403);
    expect((await decide(await as('acme-approver-1'), approval.id)).status).toBe(200);
    await completed(developer, made.id);
  });

  it('forked, one begins at any visit with other state, and the first one is not touched', async () => {
    const of = await start(developer, await publish(developer, counting()), { n: 3 });
    const first = await completed(developer, of);
    expect(first.output_data).toEqual({ n: 12, log: ['first', 'twice', 'twice'] });
    const last = await anew(developer, of, 'fork', { node: 'twice', state: { n: 50 } });
    expect(last.origin).toEqual({ kind: 'fork', execution_id: of, node: 'twice', visit: 2 });
    expect((await completed(developer, last.id)).output_data).toEqual({ n: 100, log: ['first', 'twice', 'twice'] });
    const earlier = await anew(developer, of, 'fork', { node: 'twice', visit: 1, state: { n: 4, log: [] } });
    expect((await completed(developer, earlier.id)).output_data).toEqual({ n: 16, log: ['twice', 'twice'] });
    expect((await nodesOf(developer, earlier.id)).map(({ node, visit }) => [node, visit])).toEqual([
      ['twice', 1],
      ['twice', 2],
    ]);
    expect(await completed(developer, of)).toEqual(first);
  });

  it('replayed, one begins at its start, with the same input or another', async () => {
    const of = await start(developer, await publish(developer, counting()), { n: 3 });
    await completed(developer, of);
    const same = await completed(developer, (await anew(developer, of, 'replay')).id);
    expect(same.output_data).toMatchObject({ n: 12 });
    const other = await anew(developer, of, 'replay', { override_input: { n: 10 } });
    expect((await completed(developer, other.id)).output_data).toEqual({ n: 20, log: ['first', 'twice'] });
  });

  it('shows the state with which each step began, the final one, and how two differ', async () => {
    const of = await start(developer, await publish(developer, counting()), { n: 3 });
    await completed(developer, of);
    const steps = await checkpoints(of);
    expect(steps).toMatchObject([
      { step: 1, nodes: [{ node: 'first', first_visit: 1, visits: 1 }], changed: [], ended: false },
      { step: 2, nodes: [{ node: 'twice', first_visit: 1, visits: 1 }], changed: ['log', 'n'] },
      { step: 3, nodes: [{ node: 'twice', first_visit: 2, visits: 1 }], changed: ['log', 'n'] },
      { step: 4, nodes: [], changed: ['log', 'n'], ended: true, ended_at: null },
    ]);
    expect(await stateOf(of, 1)).toEqual({ error: null, n: null, log: [] });
    expect(await stateOf(of, 4)).toEqual({ error: null, n: 12, log: ['first', 'twice', 'twice'] });
    const diff = await developer.get(`/executions/${of}/checkpoints/3/diff`);
    expect(diff.body).toEqual({
      step: 3,
      against: 2,
      changes: [
        { channel: 'log', before: ['first'], after: ['first', 'twice'] },
        { channel: 'n', before: 3, after: 6 },
      ],
    });
    const fork = await anew(developer, of, 'fork', { node: 'twice', visit: 1, state: { n: 9 } });
    await completed(developer, fork.id);
    expect((await checkpoints(fork.id)).map(({ step }) => step)).toEqual([2, 3]);
    expect(await stateOf(fork.id, 2)).toEqual({ error: null, n: 9, log: ['first'] });
    expect(await stateOf(fork.id, 3)).toEqual({ error: null, n: 18, log: ['first', 'twice'] });
  });

  it('begins none of another tenant’s anew, nor shows its steps', async () => {
    const of = await failedFor(unique('open_theirs'));
    const count = async (): Promise<unknown> => (await developer.get('/executions?page_size=1')).body['total'];
    const before = await count();
    for (const [way, body] of Object.entries({ retry: {}, fork: { node: 'load' }, replay: {} })) {
      const answer = await globex.post(`/executions/${of}/${way}`, body);
      expect([way, answer.status, answer.body.code]).toEqual([way, 404, 'NOT_FOUND']);
    }
    for (const path of ['', '/1', '/2/diff'])
      expect((await globex.get(`/executions/${of}/checkpoints${path}`)).status).toBe(404);
    expect(await count()).toBe(before);
  });
}
