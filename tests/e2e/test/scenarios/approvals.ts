import {
  type Approval,
  type Client,
  completed,
  decide,
  type Definition,
  ended,
  execution,
  loadWorkflow,
  nodesOf,
  OPEN_GATE,
  pendingApproval,
  publish,
  start,
  unique,
  upload,
  vegaDataset,
} from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';
import { beforeAll, expect, it } from '@jest/globals';
import { as, events, world } from '../system.js';

const dataset = vegaDataset('lookup_groups.csv');
const ROWS = dataset.rows.length;
/** 1.8 s */
const SOON_HOURS = 0.0005;
let admin: Client;
let developer: Client;
let viewer: Client;
let one: Client;
let two: Client;
let source: string;

/** Publishes it, starts it. @returns the execution's id */
async function run(who: Client, definition: Definition): Promise<string> {
  return start(who, await publish(who, definition), { source });
}

export function approvals(): void {
  beforeAll(async () => {
    [admin, developer, viewer, one, two] = await Promise.all([
      as('acme-admin'),
      as('acme-developer'),
      as('acme-viewer'),
      as('acme-approver-1'),
      as('acme-approver-2'),
    ]);
    source = await upload(developer, dataset.csv, dataset.name);
  });

  it('rejected: the execution fails, nothing was loaded, and Kafka tells both', async () => {
    const table = unique('rejected');
    const id = await run(developer, loadWorkflow({ table }));
    const { id: approval } = await pendingApproval(one, id);
    expect((await decide(one, approval, 'reject', 'not this one')).status).toBe(200);
    const row = await ended(developer, id);
    expect(row).toMatchObject({
      status: 'failed',
      output_data: null,
      error_details: {
        code: 'APPROVAL_REJECTED',
        node: 'load',
        visit: 1,
        details: { approval_id: approval, decided_by: ['acme-approver-1'], notes: 'not this one' },
      },
    });
    expect(await nodesOf(developer, id)).toMatchObject([{ node: 'load', status: 'failed' }]);
    expect(await world().count('acme', table)).toBe(0);
    const told = await events().about(id, (types) => types.includes('agf.workflow.failed'));
    const failed = told.find(({ topic }) => topic === 'agf.workflow.failed');
    expect(failed?.event.data).toMatchObject({ code: 'APPROVAL_REJECTED', node: 'load' });
    await events().about(id, (types) => types.includes('agf.hitl.rejected'));
  });

  it('edited: what somebody else approves of it is what runs, once; the first approval is of no use', async () => {
    const [first, second] = [unique('edited'), unique('edited')];
    const id = await run(developer, loadWorkflow({ table: first }));
    const asked = await pendingApproval(one, id);
    expect(asked.allowed_decisions).toEqual(['approve', 'reject', 'edit', 'respond']);
    const edit = (who: Client, approval: string, given: unknown) =>
      who.post<Approval>(`/hitl/${approval}/edit`, { arguments: given, notes: 'another table' });
    expect(await edit(one, asked.id, { ...(asked.arguments as object), table: 7 })).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_ERROR', details: { fields: [{ field: 'arguments.table' }] } },
    });
    expect((await edit(developer, asked.id, asked.arguments)).status).toBe(403);
    const given = { ...(asked.arguments as object), table: second };
    expect(await edit(one, asked.id, given)).toMatchObject({ status: 200, body: { status: 'edited', given } });
    expect(await edit(two, asked.id, given)).toMatchObject({ status: 422, body: { code: 'INVALID_STATE' } });
    const edited = await pendingApproval(two, id);
    expect(edited).toMatchObject({ arguments: given, edited_by: ['acme-approver-1'], replaces: asked.id });
    expect(await decide(one, edited.id)).toMatchObject({ status: 403, body: { details: { reason: 'editor' } } });
    expect((await decide(two, edited.id)).status).toBe(200);
    await completed(developer, id);
    expect([await world().count('acme', first), await world().count('acme', second)]).toEqual([0, ROWS]);
    const rows = await world().rows(
      'select status, consumed_by from agf_hitl_approvals where execution_id = $1 order by created_at',
      [id],
    );
    expect(rows).toEqual([
      { status: 'edited', consumed_by: null },
      { status: 'consumed', consumed_by: `${id}/load/1` },
    ]);
  });

  it('answered: nothing is loaded, and the node has the answer', async () => {
    const table = unique('answered');
    const id = await run(developer, loadWorkflow({ table }));
    const { id: approval } = await pendingApproval(one, id);
    const answer = (result: unknown) => one.post<Approval>(`/hitl/${approval}/respond`, { result });
    expect(await answer('rows')).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } });
    const result = { table, schema: 'public', rows: 3, columns: 1, created: false, mode: 'append' };
    expect(await answer(result)).toMatchObject({ status: 200, body: { status: 'answered', allowed_decisions: [] } });
    await completed(developer, id);
    expect(await nodesOf(developer, id)).toMatchObject([
      { node: 'load', type: 'answer', status: 'completed', output: result },
    ]);
    expect(await world().count('acme', table)).toBe(0);
  });

  it('rejected, with a way out: on_error takes it, and sees the error', async () => {
    const more = {
      nodes: [
        {
          id: 'load',
          type: 'tool',
          tool: 'table_load',
          arguments: { source: { cel: 'input.source' }, table: unique('unloaded') },
          on_error: 'give_up',
        },
        { id: 'give_up', type: 'transform', set: { notes: { cel: "[state.error.code + ' at ' + state.error.node]" } } },
      ],
      edges: [
        { source: 'START', target: 'load' },
        { source: 'load', target: 'END' },
        { source: 'give_up', target: 'END' },
      ],
    };
    const id = await run(developer, loadWorkflow({ table: 'unused', more }));
    await decide(one, (await pendingApproval(one, id)).id, 'reject');
    const row = await completed(developer, id);
    expect(row.output_data).toEqual({ loaded: null, notes: ['APPROVAL_REJECTED at load'] });
  });

  it('expires where the gate says so: by the timer, for good', async () => {
    const gate = { approval_timeout_hours: SOON_HOURS, auto_reject_on_timeout: true };
    const id = await run(developer, loadWorkflow({ table: unique('expired'), gate }));
    const approval = await eventually(async () => {
      const { items } = (await one.get<{ items: Approval[] }>(`/hitl?execution_id=${id}`)).body;
      return items[0];
    });
    const row = await ended(developer, id);
    expect(row.error_details).toMatchObject({ code: 'APPROVAL_EXPIRED', node: 'load' });
    const shown = await one.get<Approval>(`/hitl/${approval.id}`);
    expect(shown.body).toMatchObject({ status: 'expired', decided_by: 'system' });
    const late = await decide(one, approval.id);
    expect([late.status, late.body.code]).toEqual([422, 'INVALID_STATE']);
    const told = await events().about(id, (types) => types.includes('agf.hitl.rejected'));
    expect(told.find(({ topic }) => topic === 'agf.hitl.rejected')?.event.data).toMatchObject({ decided_by: 'system' });
  });

  it('escalates where it does not: still open, and can be approved', async () => {
    const table = unique('escalated');
    const id = await run(developer, loadWorkflow({ table, gate: { approval_timeout_hours: SOON_HOURS } }));
    const { id: approval } = await pendingApproval(one, id);
    const late = await eventually(async () => {
      const { body } = await one.get<Approval>(`/hitl/${approval}`);
      return body.escalated_at ? body : undefined;
    }, 'the escalation');
    expect(late.status).toBe('pending');
    expect((await decide(two, approval)).status).toBe(200);
    await completed(developer, id);
    expect(await world().count('acme', table)).toBe(ROWS);
  });

  it('is nothing the requester decides on, nor one without the role; the refusal is audited', async () => {
    const id = await run(admin, loadWorkflow({ table: unique('own') }));
    const { id: approval } = await pendingApproval(one, id);
    const tries = [admin, viewer, developer].map((who) => decide(who, approval));
    const answers = await Promise.all(tries);
    expect(answers.map(({ status, body }) => [status, body.code, body.details['reason']])).toEqual([
      [403, 'FORBIDDEN', 'requester'],
      [403, 'FORBIDDEN', 'role'],
      [403, 'FORBIDDEN', 'role'],
    ]);
    const noted = await world().rows<{ actor_id: string }>(
      `select actor_id from agf_audit_log where resource_id = $1 and outcome = 'denied' order by actor_id`,
      [approval],
    );
    expect(noted.map(({ actor_id }) => actor_id)).toEqual(['acme-admin', 'acme-developer', 'acme-viewer']);
    expect((await one.get<Approval>(`/hitl/${approval}`)).body.status).toBe('pending');
    await decide(one, approval);
    await completed(admin, id);
  });

  it('decided by two at once: exactly one wins, and it stays decided', async () => {
    const table = unique('raced');
    const id = await run(developer, loadWorkflow({ table }));
    const { id: approval } = await pendingApproval(one, id);
    const answers = await Promise.all([decide(one, approval), decide(two, approval), decide(one, approval, 'reject')]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 422 || status === 409)).toHaveLength(2);
    expect((await decide(two, approval, 'reject')).status).toBe(422);
    const row = await ended(developer, id);
    const approved = statuses[2] !== 200;
    expect(row.status).toBe(approved ? 'completed' : 'failed');
    expect(await world().count('acme', table)).toBe(approved ? ROWS : 0);
    const told = await events().about(id, (types) => types.some((type) => /hitl\.(approved|rejected)/.test(type)));
    expect(told.filter(({ topic }) => /hitl\.(approved|rejected)/.test(topic))).toHaveLength(1);
  });

  it('level 3: the condition decides', async () => {
    const table = unique('open');
    const id = await run(developer, loadWorkflow({ table, gate: OPEN_GATE }));
    const row = await completed(developer, id);
    expect(row.output_data).toMatchObject({ loaded: { table, rows: ROWS, mode: 'append' } });
    expect((await one.get<{ total: number }>(`/hitl?execution_id=${id}`)).body.total).toBe(0);
  });

  it('level 4: asked whatever the condition says', async () => {
    const definition = loadWorkflow({ table: unique('level4'), gate: OPEN_GATE, node: { privilege_level: 4 } });
    const id = await run(admin, definition);
    const approval = await pendingApproval(one, id);
    expect(approval).toMatchObject({ privilege_level: 4, approvals_required: 1, requested_by: 'acme-admin' });
    await decide(one, approval.id);
    await completed(admin, id);
  });

  it('level 5: asks two, and two they must be', async () => {
    const table = unique('level5');
    const id = await run(admin, loadWorkflow({ table, gate: OPEN_GATE, node: { privilege_level: 5 } }));
    const approval = await pendingApproval(one, id);
    expect(approval).toMatchObject({ privilege_level: 5, approvals_required: 2 });
    const first = await decide(one, approval.id);
    expect(first.body).toMatchObject({ status: 'pending', decisions: [{ actor: 'acme-approver-1' }] });
    const again = await decide(one, approval.id);
    expect([again.status, again.body.code]).toEqual([409, 'CONFLICT']);
    expect((await execution(admin, id)).status).toBe('paused_hitl');
    expect(await world().count('acme', table)).toBe(0);
    expect((await decide(two, approval.id)).body).toMatchObject({ status: 'approved', decided_by: 'acme-approver-2' });
    await completed(admin, id);
    expect(await world().count('acme', table)).toBe(ROWS);
  });

  it('a gate node asks at any level, and hands on who approved', async () => {
    const definition: Definition = {
      schema: 'agf/workflow/v1',
      name: unique('gate-node'),
      state: { answer: {} },
      nodes: [{ id: 'ask', type: 'gate', gate: 'look', payload: { question: 'go on?' }, output: 'answer' }],
      edges: [
        { source: 'START', target: 'ask' },
        { source: 'ask', target: 'END' },
      ],
      output: { cel: 'state.answer' },
      hitl_gates: { look: { gate_name: 'look', trigger_condition: 'false' } },
    };
    const id = await run(developer, definition);
    const approval = await pendingApproval(one, id);
    expect(approval).toMatchObject({ node: 'ask', tool: null, arguments: { question: 'go on?' }, privilege_level: 1 });
    await decide(one, approval.id, 'approve', 'go');
    const row = await completed(developer, id);
    expect(row.output_data).toMatchObject({ status: 'approved', decided_by: ['acme-approver-1'], notes: 'go' });
  });
}
