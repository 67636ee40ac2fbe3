import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  ApprovalsRepository,
  DefinitionsRepository,
  ExecutionsRepository,
  type NewApproval,
  TenantDb,
} from '@aumos/agf-persistence';
import { report, sizeOfRun } from '@aumos/agf-testing';
import { DataSource } from 'typeorm';
import { ExpireApproval } from '../src/approvals/expire-approval.js';
import { type ListeningApprovals, startApprovals } from './support/listening-approvals.js';

const ROUNDS = sizeOfRun('AGF_DECISION_ROUNDS', 25);
const DECIDERS = 50;

const tenant = randomUUID();
let approvals: ListeningApprovals;
let db: TenantDb;
/** past all protection */
let rows: DataSource;
let deciders: string[];
let workflow_id: string;
const counts: Record<string, number> = {};
const failures: string[] = [];
const began = Date.now();

jest.setTimeout(7_200_000);
beforeAll(async () => {
  approvals = await startApprovals();
  db = approvals.app.get(TenantDb);
  const { adminUrl: url } = approvals.database;
  rows = await new DataSource({ type: 'postgres', url, installExtensions: false }).initialize();
  deciders = await Promise.all(
    Array.from({ length: DECIDERS }, (_, i) =>
      approvals.authorization({
        ...{ tenant_id: tenant, sub: `approver-${String(i)}`, realm_access: { roles: ['approver'] } },
      }),
    ),
  );
  workflow_id = await published();
}, 120_000);
afterAll(async () => {
  const head = `decisions: ${String(ROUNDS)} rounds each`;
  report('decision-rounds', head, { seed: 0, duration_ms: Date.now() - began, counts, failures });
  await rows.destroy();
  await approvals.close();
}, 60_000);

async function published(): Promise<string> {
  const definition = {
    schema: 'agf/workflow/v1' as const,
    name: 'flow',
    nodes: [{ id: 'a', type: 'transform' as const, set: {} }],
    edges: [
      { source: 'START', target: 'a' },
      { source: 'a', target: 'END' },
    ],
  };
  const version = { definition, content_hash: 'h', warnings: [], published_by: 'dev' };
  const made = await db.run(tenant, () =>
    approvals.app.get(DefinitionsRepository).createWithVersion({ name: 'flow', created_by: 'dev' }, version),
  );
  return made!.workflow.id;
}

/** @returns the status */
async function post(authorization: string, path: string): Promise<number> {
  const headers = { authorization, 'content-type': 'application/json' };
  const answer = await fetch(`${approvals.url}/api/v1/hitl${path}`, { method: 'POST', headers, body: '{}' });
  await answer.arrayBuffer();
  return answer.status;
}

/** @returns the id of an approval that waits */
async function pending(approvals_required: number): Promise<string> {
  const [execution_id, approval_id] = [randomUUID(), randomUUID()];
  await approvals.app.get(ExecutionsRepository).accept(
    tenant,
    {
      ...{ id: execution_id, workflow_id, workflow_version: 1, input_data: null },
      ...{ temporal_workflow_id: `t/${execution_id}`, correlation_id: execution_id },
      ...{ initiator: 'starter', initiator_level: 5, initiator_roles: [] },
    },
    { defaultLimit: 1_000_000 },
  );
  const approval: NewApproval = {
    ...{ approval_id, execution_id, workflow_id, node: 'a', visit: 1, gate_name: 'g' },
    ...{ tool: null, tool_version: null, arguments: {}, action_description: 'x', payload_hash: 'h' },
    ...{ privilege_level: 4, approvals_required, requested_by: 'starter' },
    ...{ expires_at: new Date(Date.now() + 3_600_000).toISOString(), auto_reject_on_timeout: true },
    ...{ escalation_policy: 'notify_admin', temporal_workflow_id: `a/${approval_id}` },
  };
  await db.run(tenant, () => approvals.app.get(ApprovalsRepository).open(approval));
  return approval_id;
}

interface Stored {
  status: string;
  approved: number;
  rejected: number;
  events: string[];
  audited: number;
}

async function stored(id: string): Promise<Stored> {
  const [row] = await rows.query<Stored[]>(
    `select a.status,
       (select count(*)::int from agf_hitl_decisions d where d.approval_id = a.id and d.decision = 'approve') as approved,
       (select count(*)::int from agf_hitl_decisions d where d.approval_id = a.id and d.decision = 'reject') as rejected,
       (select coalesce(array_agg(event_type), '{}') from agf_outbox o where o.aggregate_id = a.id::text) as events,
       (select count(*)::int from agf_audit_log l where l.resource_id = a.id::text and l.outcome = 'allowed') as audited
     from agf_hitl_approvals a where a.id = $1`,
    [id],
  );
  return row!;
}

const EVENT: Record<string, string[]> = {
  approved: ['agf.hitl.approved'],
  rejected: ['agf.hitl.rejected'],
  expired: ['agf.hitl.rejected'],
  cancelled: [],
};

function judge(what: string, id: string, holds: boolean, seen: unknown): void {
  if (!holds) failures.push(`${what} ${id}: ${JSON.stringify(seen)}`);
}

const tally = (what: string, by = 1): number => (counts[what] = (counts[what] ?? 0) + by);
/** A decision takes its way over HTTP: so either side comes first now and then. */
const soon = (): Promise<void> => sleep(Math.random() * 20);

describe(`at once, ${String(ROUNDS)} rounds each`, () => {
  it('fifty deciders: as many votes count as are needed, and nobody else decides', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const required = 1 + (round % 3);
      const id = await pending(required);
      const answers = await Promise.all(
        deciders.map(async (decider) => {
          const decision = Math.random() < 0.1 ? 'reject' : 'approve';
          return { decision, status: await post(decider, `/${id}/${decision}`) };
        }),
      );
      const row = await stored(id);
      const taken = answers.filter(({ status }) => status === 200);
      const refused = answers.filter(({ status }) => status === 422);
      const votes =
        row.status === 'approved'
          ? row.approved === required && row.rejected === 0
          : row.status === 'rejected' && row.approved < required && row.rejected === 1;
      const told = taken.length === row.approved + row.rejected && taken.length + refused.length === DECIDERS;
      const events = String(row.events) === String(EVENT[row.status]) && row.audited === taken.length;
      judge('fifty deciders', id, votes && told && events, { row, taken, refused: refused.length });
      tally(`fifty deciders: ${row.status}`);
    }
    expect(failures).toEqual([]);
    expect(counts['fifty deciders: approved']).toBeGreaterThan(0);
  });

  it('a decision and the expiry: one of them, and both sides know which', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const id = await pending(1);
      const [answer, outcome] = await Promise.all([
        post(deciders[0]!, `/${id}/approve`),
        soon().then(() => approvals.app.get(ExpireApproval).run(tenant, id)),
      ]);
      const row = await stored(id);
      const agreed = answer === (row.status === 'approved' ? 200 : 422) && outcome.status === row.status;
      const once = String(row.events) === String(EVENT[row.status]) && row.audited === 1;
      judge('decision and expiry', id, agreed && once, { row, answer, outcome });
      tally(`decision and expiry: ${row.status}`);
    }
    expect(failures).toEqual([]);
    expect(counts['decision and expiry: approved']).toBeGreaterThan(0);
    expect(counts['decision and expiry: expired']).toBeGreaterThan(0);
  });

  it('a decision and the cancel of its execution: one of them', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const id = await pending(1);
      const [answer, cancelled] = await Promise.all([
        post(deciders[0]!, `/${id}/approve`),
        soon().then(() => db.run(tenant, () => approvals.app.get(ApprovalsRepository).cancel(id))),
      ]);
      const row = await stored(id);
      const agreed = row.status === (cancelled ? 'cancelled' : 'approved') && answer === (cancelled ? 422 : 200);
      judge('decision and cancel', id, agreed && String(row.events) === String(EVENT[row.status]), { row, answer });
      tally(`decision and cancel: ${row.status}`);
    }
    expect(failures).toEqual([]);
    expect(counts['decision and cancel: approved']).toBeGreaterThan(0);
    expect(counts['decision and cancel: cancelled']).toBeGreaterThan(0);
  });
});
