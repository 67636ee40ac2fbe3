import {
  all,
  type Client,
  decide,
  ended,
  follow,
  type Followed,
  loadWorkflow,
  OPEN_GATE,
  pendingApproval,
  publish,
  start,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { beforeAll, expect, it } from '@jest/globals';
import { NOBODY } from '../routes.js';
import { as } from '../system.js';

let developer: Client;
let approver: Client;
let workflow: string;
let source: string;

const names = (events: Followed[]): string[] => events.map(({ event }) => event);
const WHOLE = ['workflow_start', 'hitl_pause', 'hitl_resume', 'tool_start', 'tool_end', 'node_complete'];
const complete = (events: Followed[]): void => {
  expect(events.map(({ id }) => id)).toEqual(events.map((_, i) => i + 1));
  expect(names(events).sort()).toEqual([...WHOLE, 'workflow_complete'].sort());
  expect(names(events).at(-1)).toBe('workflow_complete');
};

/** What a product shows while an execution goes on. */
export function streams(): void {
  beforeAll(async () => {
    [developer, approver] = await Promise.all([as('acme-developer'), as('acme-approver-1')]);
    workflow = await publish(developer, loadWorkflow({ table: unique('streamed') }));
    source = await upload(developer, 'a\n1\n2\n');
  });
  const eventsOf = (id: string): string => `/executions/${id}/events`;

  it('shows each thing when it happens, and goes on after a lost connection with what was missed', async () => {
    const id = await start(developer, workflow, { source });
    const first = await follow(developer, eventsOf(id));
    expect([first.status, first.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const seen: Followed[] = [];
    for await (const event of first.events) {
      seen.push(event);
      if (event.event === 'hitl_pause') break;
    }
    const approval = await pendingApproval(developer, id);
    expect(seen.at(-1)?.data).toMatchObject({ approval_id: approval.id, gate_name: 'publish', node: 'load' });
    await decide(approver, approval.id);
    await ended(developer, id);
    const rest = await all(await follow(developer, eventsOf(id), { lastEventId: seen.at(-1)?.id ?? 0 }));
    complete([...seen, ...rest]);
    const [tool, node] = ['tool_end', 'node_complete'].map((name) => rest.find(({ event }) => event === name)?.data);
    expect(tool).toMatchObject({ node: 'load', visit: 1, tool: 'table_load' });
    expect(node).toMatchObject({ node: 'load', visit: 1, status: 'completed', output: { rows: 2 } });
    expect(rest.at(-1)?.data).toMatchObject({ status: 'completed', output: { loaded: { rows: 2 } } });
  });

  it('is complete for who comes when it is over, and empty for who has it all', async () => {
    const id = await start(developer, workflow, { source });
    await decide(approver, (await pendingApproval(developer, id)).id);
    await ended(developer, id);
    const seen = await all(await follow(developer, eventsOf(id)));
    complete(seen);
    expect(await all(await follow(developer, eventsOf(id), { lastEventId: seen.length }))).toEqual([]);
  });

  it('starts and follows in one request; a failure is its last event', async () => {
    const failing = await publish(developer, loadWorkflow({ table: unique('streamed'), gate: OPEN_GATE }));
    const input = { input_data: { source: `artifact:${NOBODY}` } };
    const following = await follow(developer, `/workflows/${failing}/execute/stream`, { method: 'POST', json: input });
    const seen = await all(following);
    expect(names(seen)).toEqual(['workflow_start', 'tool_start', 'node_complete', 'error']);
    expect(seen.at(-1)?.data).toMatchObject({ status: 'failed', error_details: { code: 'ARTIFACT_NOT_FOUND' } });
    const again = await follow(developer, following.headers.get('location') ?? '', { lastEventId: 3 });
    expect(names(await all(again))).toEqual(['error']);
  });

  it('serves many at once, each the same', async () => {
    const id = await start(developer, workflow, { source });
    const followers = await Promise.all(Array.from({ length: 20 }, () => follow(developer, eventsOf(id))));
    const everybody = followers.map(all);
    await decide(approver, (await pendingApproval(developer, id)).id);
    const [one, ...others] = await Promise.all(everybody);
    complete(one ?? []);
    for (const other of others) expect(other).toEqual(one);
  });

  it('refuses what is no id of an event, and who may not start', async () => {
    const id = await start(developer, workflow, { source });
    for (const header of ['x', '-1', '1.5', '9'.repeat(30)]) {
      const answer = await developer.get(eventsOf(id), { headers: { 'last-event-id': header } });
      expect([answer.status, answer.body.details?.fields?.[0]?.field]).toEqual([400, 'Last-Event-ID']);
    }
    const viewer = await as('acme-viewer');
    expect((await viewer.post(`/workflows/${workflow}/execute/stream`, { input_data: { source } })).status).toBe(403);
    expect((await viewer.get(eventsOf(id))).status).toBe(200);
    await developer.post(`/executions/${id}/cancel`);
    await ended(developer, id);
  });
}
