import {
  type Approval,
  type Client,
  completed,
  decide,
  type Definition,
  ended,
  follow,
  type Followed,
  nodesOf,
  pendingApproval,
  publish,
  start,
  tracesOf,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';
import { expect, it, beforeAll } from '@jest/globals';
import { as, models, world } from '../system.js';
import { TeamWorker } from './team-worker.js';

const BOTH = { csv_profile: { enabled: true }, table_load: { enabled: true } };

/** Made by the developer. @returns its name */
async function anAgent(developer: Client, more: Record<string, unknown> = {}): Promise<string> {
  const name = unique('agent');
  const agent = { name, privilege_level: 3, tool_access: BOTH, model: 'small', instructions: 'Be careful.', ...more };
  await developer.must(201, developer.post('/agents', agent));
  return name;
}

const asking = (agent: string, node: Record<string, unknown> = {}): Definition => ({
  schema: 'agf/workflow/v1',
  name: unique('asking'),
  input: { type: 'object', properties: { source: { type: 'string' } }, required: ['source'] },
  state: { answer: {} },
  nodes: [
    {
      id: 'ask',
      type: 'agent',
      agent,
      prompt: { cel: "'Load ' + input.source" },
      response_schema: { type: 'object', required: ['rows'] },
      output: 'answer',
      ...node,
    },
  ],
  edges: [
    { source: 'START', target: 'ask' },
    { source: 'ask', target: 'END' },
  ],
  output: { cel: 'state.answer' },
});

/** Agents over an endpoint of models in the test, which says what each test tells it to. */
export function agents(): void {
  let developer: Client;
  let approver: Client;
  let source: string;
  beforeAll(async () => {
    [developer, approver] = await Promise.all([as('acme-developer'), as('acme-approver-1')]);
    source = await upload(developer, 'a,b\n1,2\n3,4\n');
  });
  const profile = () => ({ id: 'p', name: 'csv_profile', arguments: { source } });
  const load = (table: string) => ({ id: 'l', name: 'table_load', arguments: { source, table } });
  const lastTold = (): unknown => models().requests.at(-1)?.body.messages.at(-1)?.content;

  it('ask their model, profile, have a load approved, and answer', async () => {
    const table = unique('by_agent');
    models().says({ calls: [profile()] }, { calls: [load(table)] }, { text: '{"rows": 2}' });
    const agent = await anAgent(developer);
    const id = await start(developer, await publish(developer, asking(agent)), { source });
    const approval = await pendingApproval(approver, id);
    expect(approval).toMatchObject({
      ...{ node: 'ask~1~table_load', visit: 2, tool: 'table_load', arguments: { source, table }, privilege_level: 3 },
      agent_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect((await decide(approver, approval.id)).status).toBe(200);
    expect((await completed(developer, id)).output_data).toEqual({ rows: 2 });
    expect(
      await world().rows(`select status, consumed_by from agf_hitl_approvals where id = $1`, [approval.id]),
    ).toEqual([{ status: 'consumed', consumed_by: `${id}/ask~1~table_load/2` }]);
    const rows = (await nodesOf(developer, id)).map(({ node, visit, type, status }) => [node, visit, type, status]);
    expect(rows.sort()).toEqual([
      ['ask', 1, 'agent', 'completed'],
      ['ask~1', 1, 'model', 'completed'],
      ['ask~1', 2, 'model', 'completed'],
      ['ask~1', 3, 'model', 'completed'],
      ['ask~1~csv_profile', 1, 'tool', 'completed'],
      ['ask~1~table_load', 2, 'tool', 'completed'],
    ]);
    const turns = (await tracesOf(developer, id)).filter(({ kind }) => kind === 'llm');
    expect(turns).toHaveLength(3);
    expect(turns[0]).toMatchObject({ name: 'small', attributes: { agent, input_tokens: 7, output_tokens: 3 } });
    const [first] = models().requests;
    expect(first?.headers['x-tenant-id']).toBe(
      (await developer.get<{ tenant_id: string }>(`/executions/${id}`)).body.tenant_id,
    );
    expect(first?.body.messages).toMatchObject([
      { role: 'system', content: expect.stringMatching(/^Be careful\./) },
      { role: 'user', content: `Load ${source}` },
    ]);
  });

  it('read why a call of theirs was rejected, and go on', async () => {
    models().says({ calls: [load(unique('never'))] }, { text: '{"rows": 0}' });
    const id = await start(developer, await publish(developer, asking(await anAgent(developer))), { source });
    const approval = await pendingApproval(approver, id);
    await approver.must(200, approver.post(`/hitl/${approval.id}/reject`, { notes: 'not on a Friday' }));
    expect((await completed(developer, id)).output_data).toEqual({ rows: 0 });
    expect(lastTold()).toEqual(expect.stringMatching(/APPROVAL_REJECTED.*not on a Friday/));
  });

  it('have a call of theirs edited, and another one answered in its place', async () => {
    const [asked, edited] = [unique('asked'), unique('edited')];
    const answered = { ...load(unique('answered')), id: 'm' };
    models().says({ calls: [load(asked), answered] }, { text: '{"rows": 2}' });
    const id = await start(developer, await publish(developer, asking(await anAgent(developer))), { source });
    const two = await as('acme-approver-2');
    const pending = async (visit: number) =>
      (await approver.get<{ items: Approval[] }>(`/hitl/pending?execution_id=${id}`)).body.items.find(
        (each) => each.visit === visit,
      );
    const [first, second] = await eventually(async () => {
      const both = [await pending(1), await pending(2)] as const;
      return both[0] && both[1] ? [both[0], both[1]] : null;
    }, 'both approvals');
    const table = { arguments: { source, table: edited } };
    await approver.must(200, approver.post(`/hitl/${first.id}/edit`, table));
    const result = { table: 'mine', schema: 'public', rows: 1, columns: 1, created: false, mode: 'append' };
    await approver.must(200, approver.post(`/hitl/${second.id}/respond`, { result }));
    const again = await eventually(() => pending(1), 'the edited call');
    expect(again).toMatchObject({ ...table, edited_by: ['acme-approver-1'] });
    expect((await decide(approver, again.id)).status).toBe(403);
    expect((await decide(two, again.id)).status).toBe(200);
    expect((await completed(developer, id)).output_data).toEqual({ rows: 2 });
    expect([await world().count('acme', asked), await world().count('acme', edited)]).toEqual([0, 2]);
    expect(JSON.parse(String(lastTold()))).toEqual(result);
    expect(models().requests.at(-1)?.body.messages.at(-2)?.content).toMatch(
      new RegExp(`^Made with other arguments, edited by a person: .*"${edited}".*"rows":2`),
    );
  });

  it('that are invoked answer, or fail with what went wrong, or are left to go on', async () => {
    const agent = { name: unique('agent'), privilege_level: 2, tool_access: BOTH, model: 'small' };
    const { id } = await developer.must(201, developer.post<{ id: string }>('/agents', agent));
    models().says({ calls: [profile()] }, { text: 'two rows' });
    const answer = await developer.post<Record<string, unknown>>(`/agents/${id}/invoke`, { input_data: { source } });
    expect(answer).toMatchObject({
      status: 200,
      body: { agent_id: id, output: 'two rows', tokens_used: 20, execution_time_ms: expect.any(Number) },
    });
    const execution = String(answer.body['execution_id']);
    expect(await world().rows(`select data from agf_outbox where aggregate_id = $1`, [id])).toEqual([
      { data: { agent_id: id, execution_id: execution, privilege_level: 2 } },
    ]);
    models().says({ status: 400 });
    const failed = await developer.post(`/agents/${id}/invoke`, { input_data: 1 });
    expect(failed).toMatchObject({ status: 422, text: expect.stringContaining('MODEL_REJECTED') });
    expect((await (await as('globex-developer')).post(`/agents/${id}/invoke`, {})).status).toBe(404);
  });

  it('that are invoked go on in the session that they are given', async () => {
    const agent = { name: unique('agent'), privilege_level: 2, model: 'small' };
    const { id } = await developer.must(201, developer.post<{ id: string }>('/agents', agent));
    const invoke = async (input_data: string, more = {}) =>
      (
        await developer.must(
          200,
          developer.post<{ session_id: string }>(`/agents/${id}/invoke`, { input_data, ...more }),
        )
      ).session_id;
    models().says({ text: 'Hello, Ada.' });
    const session_id = await invoke('I am Ada.');
    models().says({ text: 'Ada.' });
    expect(await invoke('Who am I?', { session_id })).toBe(session_id);
    expect(models().requests.at(-1)?.body.messages).toMatchObject([
      { role: 'user', content: 'I am Ada.' },
      { role: 'assistant', content: 'Hello, Ada.' },
      { role: 'user', content: 'Who am I?' },
    ]);
    expect((await developer.get(`/agents/${id}/sessions/${session_id}`)).status).toBe(200);
    models().says({ text: 'Who knows?' });
    expect(await invoke('Who am I?', { session_id: 'another' })).toBe('another');
    expect(models().requests.at(-1)?.body.messages).toHaveLength(1);
  });

  it('that are code of a team take their turns at its worker, whichever is there', async () => {
    const table = unique('by_code');
    const executor = { task_queue: 'agf-nodes-pricing', name: 'load_clerk' };
    const agent = { name: unique('agent'), privilege_level: 3, tool_access: BOTH, executor };
    const { id: agent_id } = await developer.must(201, developer.post<{ id: string }>('/agents', agent));
    const first = await TeamWorker.start();
    const body = { input_data: { source, table }, wait_seconds: 0 };
    const { body: execution } = await developer.post<{ id: string }>(`/agents/${agent_id}/invoke`, body);
    const approval = await pendingApproval(approver, execution.id);
    expect(approval).toMatchObject({ tool: 'table_load', arguments: { source, table }, agent_id });
    await first.end('SIGKILL');
    expect((await decide(approver, approval.id)).status).toBe(200);
    const second = await TeamWorker.start();
    const row = await completed(developer, execution.id);
    await second.end('SIGTERM');
    expect(row.output_data).toEqual({ loaded: 2, why: null });
    expect(await world().count('acme', table)).toBe(2);
    const turns = [...first.calls(execution.id), ...second.calls(execution.id)];
    expect(turns.map(({ effect_key }) => effect_key)).toEqual(
      [1, 2, 3].map((turn) => `${execution.id}/agent~1/${String(turn)}`),
    );
    const told = await world().rows(`select event_type from agf_outbox where aggregate_id = $1`, [agent_id]);
    expect(told).toEqual([{ event_type: 'agf.agent.invoked' }]);
  });

  it('that people must watch have each call of level 2 approved, and what they may is taken at once', async () => {
    const name = unique('agent');
    const made = { name, privilege_level: 3, tool_access: BOTH, model: 'small', requires_hitl: true };
    const { id: agent } = await developer.must(201, developer.post<{ id: string }>('/agents', made));
    models().says({ calls: [profile()] }, { text: '{"rows": 0}' });
    const raised = asking(name, { privilege_level: 2 });
    const id = await start(developer, await publish(developer, raised), { source });
    const approval = await pendingApproval(approver, id);
    expect(approval).toMatchObject({ tool: 'csv_profile', privilege_level: 2, agent_id: agent });
    await developer.must(200, developer.request('PUT', `/agents/${agent}/tools`, { json: { tool_access: {} } }));
    expect((await decide(approver, approval.id)).status).toBe(200);
    await completed(developer, id);
    expect(lastTold()).toEqual(expect.stringContaining('PRIVILEGE_DENIED'));
  });

  it('cannot be given a tool above their level', async () => {
    const agent = await anAgent(developer, { privilege_level: 2 });
    const definition = asking(agent, { tools: ['csv_profile', 'table_load'] });
    const refused = await developer.post('/workflows', { name: definition.name, graph_definition: definition });
    expect(refused).toMatchObject({ status: 422, text: expect.stringContaining('PRIVILEGE_EXCEEDED') });
  });

  it('are heard while they speak, over a lost connection, by their own tenant', async () => {
    const answer = { rows: 2, why: 'Größe “ok” 👍🏽 '.repeat(20) };
    const said = JSON.stringify(answer);
    let [cut, back] = [false, false];
    const meanwhile = (sent: string) => eventually(() => (sent.length < said.length / 2 ? cut : back));
    models().says({ text: said, meanwhile });
    const workflow = await publish(developer, asking(await anAgent(developer)));
    const input = { input_data: { source } };
    const first = await follow(developer, `/workflows/${workflow}/execute/stream`, { method: 'POST', json: input });
    const seen: Followed[] = [];
    for await (const event of first.events) {
      seen.push(event);
      if (event.event === 'token') break;
    }
    cut = true;
    const address = first.headers.get('location') ?? '';
    expect((await follow(await as('globex-developer'), address)).status).toBe(404);
    const again = await follow(developer, address, { lastEventId: seen.at(-1)?.id ?? 0 });
    for await (const event of again.events) {
      seen.push(event);
      // The model goes on to its end only now: what came was not its end.
      if (event.event === 'token') back = true;
    }
    expect(seen.map(({ id }) => id)).toEqual(seen.map((_, i) => i + 1));
    const tokens = seen.filter(({ event }) => event === 'token').map(({ data }) => data);
    expect(tokens.map(({ text }) => text).join('')).toBe(said);
    expect(tokens.length).toBeGreaterThan(2);
    for (const token of tokens) expect(token).toMatchObject({ node: 'ask', visit: 1, turn: 1, attempt: 1 });
    expect(seen.at(-1)).toMatchObject({ event: 'workflow_complete', data: { output: answer } });
  });

  it('fail with their model, as their definition takes it', async () => {
    models().says({ status: 400 });
    const id = await start(developer, await publish(developer, asking(await anAgent(developer))), { source });
    expect((await ended(developer, id)).error_details).toMatchObject({ code: 'MODEL_REJECTED', node: 'ask' });
  });
}
