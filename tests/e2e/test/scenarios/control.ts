import {
  type Client,
  completed,
  type Definition,
  ended,
  type Execution,
  execution,
  follow,
  nodesOf,
  OPEN_GATE,
  publish,
  reaches,
  start,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';
import { beforeAll, expect, it } from '@jest/globals';
import { as, world } from '../system.js';

let developer: Client;
let source: string;

/** Waits for a signal, then hands its payload on. */
const waiting = (more: object = {}): Definition => ({
  schema: 'agf/workflow/v1',
  name: unique('waiting'),
  state: { order: {}, notes: { reducer: 'append' } },
  nodes: [
    { id: 'w', type: 'wait', signal: 'paid', output: 'order', ...more },
    { id: 'next', type: 'transform', set: { notes: 'gone on' } },
  ],
  edges: [
    { source: 'START', target: 'w' },
    { source: 'w', target: 'next' },
    { source: 'next', target: 'END' },
  ],
});

/** Loads a table, with another load that stands for taking it back; then waits. */
const undoing = (table: string): Definition => ({
  schema: 'agf/workflow/v1',
  name: unique('undoing'),
  input: { type: 'object', properties: { source: { type: 'string' } }, required: ['source'] },
  nodes: [
    {
      id: 'load',
      type: 'tool',
      tool: 'table_load',
      arguments: { source: { cel: 'input.source' }, table },
      gate: 'open',
      compensate: {
        tool: 'table_load',
        arguments: { source: { cel: 'input.source' }, table: { cel: "result.table + '_undone'" } },
      },
    },
    { id: 'w', type: 'wait', signal: 'never' },
  ],
  edges: [
    { source: 'START', target: 'load' },
    { source: 'load', target: 'w' },
    { source: 'w', target: 'END' },
  ],
  hitl_gates: { open: OPEN_GATE },
});

const atTheWait = (id: string): Promise<unknown> =>
  eventually(async () => (await execution(developer, id)).current_node === 'w', `execution ${id} to wait`, {
    timeoutMs: 30_000,
    everyMs: 50,
  });
const post = (id: string, what: string, body: unknown = {}) =>
  developer.post<Execution>(`/executions/${id}/${what}`, body);

/** Waits, signals, pauses, compensations. */
export function control(): void {
  beforeAll(async () => {
    developer = await as('acme-developer');
    source = await upload(developer, 'a,b\n1,2\n3,4\n');
  });

  it('waits for a signal without a slot, and takes its payload', async () => {
    const id = await start(developer, await publish(developer, waiting()));
    await atTheWait(id);
    const [row] = await world().rows<{ holds_slot: boolean }>(
      'select holds_slot from agf_workflow_executions where id = $1',
      [id],
    );
    expect(row?.holds_slot).toBe(false);
    const unknown = await post(id, 'signals/refunded');
    expect([unknown.status, (unknown.body as { code?: string }).code]).toEqual([422, 'UNKNOWN_SIGNAL']);
    expect((await post(id, 'signals/paid', { amount: 5 })).status).toBe(202);
    expect((await completed(developer, id)).output_data).toEqual({ order: { amount: 5 }, notes: ['gone on'] });
    const names: string[] = [];
    for await (const { event } of (await follow(developer, `/executions/${id}/events`)).events) names.push(event);
    expect(names.filter((name) => name !== 'node_complete')).toEqual([
      'workflow_start',
      'wait',
      'signal',
      'wait',
      'workflow_complete',
    ]);
    expect(await nodesOf(developer, id)).toMatchObject([
      { node: 'w', type: 'wait', status: 'completed', output: { amount: 5 } },
      { node: 'next' },
    ]);
  });

  it('keeps a signal that came before its wait, and before its start', async () => {
    const workflow = await publish(developer, waiting());
    const ids = await Promise.all(Array.from({ length: 5 }, () => start(developer, workflow)));
    const answers = await Promise.all(ids.map((id, n) => post(id, 'signals/paid', { n })));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    for (const [n, id] of ids.entries())
      expect((await completed(developer, id)).output_data).toMatchObject({ order: { n } });
  });

  it('begins nothing while it is paused, and goes on when it is resumed', async () => {
    const id = await start(developer, await publish(developer, waiting()));
    await atTheWait(id);
    const paused = await post(id, 'pause');
    expect([paused.status, paused.body.paused, paused.body.status]).toEqual([202, true, 'running']);
    await post(id, 'signals/paid', { amount: 1 });
    await eventually(async () => {
      const [row] = await world().rows<{ waiting: boolean }>(
        'select waiting from agf_workflow_executions where id = $1',
        [id],
      );
      return row?.waiting === false;
    }, 'the wait to end');
    expect(await execution(developer, id)).toMatchObject({ status: 'running', paused: true });
    expect((await nodesOf(developer, id)).map(({ node }) => node)).not.toContain('next');
    expect((await post(id, 'resume')).body.paused).toBe(false);
    expect((await completed(developer, id)).output_data).toMatchObject({ notes: ['gone on'] });
    expect((await post(id, 'pause')).status).toBe(422);
  });

  it('undoes what was done when it is cancelled, before its end is told', async () => {
    const table = unique('open_undone');
    const id = await start(developer, await publish(developer, undoing(table)), { source });
    await reaches(developer, id, 'running');
    await atTheWait(id);
    expect(await world().count('acme', table)).toBe(2);
    await post(id, 'cancel');
    expect((await ended(developer, id)).status).toBe('cancelled');
    expect(await world().count('acme', `${table}_undone`)).toBe(2);
    expect(await nodesOf(developer, id)).toMatchObject([
      { node: 'load', type: 'tool', status: 'completed' },
      { node: 'w', type: 'wait', status: 'cancelled' },
      { node: 'load~compensate', visit: 1, type: 'compensation', status: 'completed' },
    ]);
  });
}
