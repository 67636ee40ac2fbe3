import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDataSource } from '@aumos/agf-persistence';
import { aStart, type ListeningApprovals, startApprovals } from './support/listening-approvals.js';

const PENDING = 50_000;
const TIMES = 9;
/** Of a page's median over that of a bare look at all that is pending: other suites run beside this one. */
const MOST = 12;

const RULE = `jsonb_build_object('separation_of_duties', '[]'::jsonb, 'standing_allowed', false, 'policies', '[]'::jsonb,
  'stages', jsonb_build_array(jsonb_build_object('name', 's', 'approvals_required', 1, 'approvers',
    case when i % 5000 = 0 then '["rare"]' when i % 3 = 0 then '["team"]' when i % 3 = 1 then '[]' else '["others"]' end::jsonb)))`;
const FILL = `insert into agf_hitl_approvals (tenant_id, execution_id, workflow_id, workflow_name, node, visit, gate_name,
    tool, arguments, action_description, privilege_level, approvals_required, payload_hash, status, requested_by, expires_at,
    auto_reject_on_timeout, escalation_policy, temporal_workflow_id, allowed_decisions, edited_by, rule, created_at)
  select $1, $2, $3, 'flow', 'a', 1, 'g' || i % 7, 't' || i % 11, jsonb_build_object('text', repeat('x', 500), 'i', i),
    'do it', 1 + i % 5, 1, md5(i::text), 'pending', 'starter' || i % 10, now() + make_interval(mins => 10 + i % 5000), true,
    'notify_admin', 't' || i, '{approve,reject}', '{}', ${RULE}, now() - make_interval(secs => i)
  from generate_series(1, ${String(PENDING)}) i`;

describe(`${String(PENDING)} pending approvals of one tenant`, () => {
  const tenant = randomUUID();
  let service: ListeningApprovals;
  let workflow = '';
  let execution = '';
  let bare = 0;
  beforeAll(async () => {
    service = await startApprovals();
    const start = await aStart(service.db, tenant);
    [workflow, execution] = [start.workflow_id, start.execution_id];
    await service.db.run(tenant, (em) => em.query(FILL, [tenant, execution, workflow]));
    // As the server does by itself within a minute.
    const owner = await createDataSource(service.database.ownerUrl, {
      applicationName: 'inbox-size-test',
      poolSize: 1,
    });
    await owner.query('vacuum analyze agf_hitl_approvals');
    await owner.destroy();
    for (const [name, member] of [
      ['rare', 'rita'],
      ['team', 'tom'],
    ])
      await service.call(tenant, 'PUT', `/groups/${name!}`, { body: { members: [member] } });
    bare = await median(() =>
      service.db.run(tenant, async (em) => {
        await em.query(`select count(*) from agf_hitl_approvals where status = 'pending' and gate_name <> ''`);
      }),
    );
  }, 180_000);
  afterAll(() => service.close());

  /** @returns ms */
  async function median(once: () => Promise<void>): Promise<number> {
    const took: number[] = [];
    for (let i = 0; i < TIMES; i++) {
      const began = performance.now();
      await once();
      took.push(performance.now() - began);
    }
    return took.sort((one, other) => one - other)[(TIMES - 1) / 2]!;
  }

  /** @returns the median over that of the bare count; and what the last one answered */
  async function page(path: string, sub: string): Promise<{ ratio: number; total: number; items: unknown[] }> {
    const claims = { sub, realm_access: { roles: ['approver'] } };
    const authorization = await service.authorization({ tenant_id: tenant, ...claims });
    let body = { total: 0, items: [] as unknown[] };
    const ms = await median(async () => {
      const answer = await fetch(`${service.url}/api/v1/hitl/inbox${path}`, { headers: { authorization } });
      body = (await answer.json()) as typeof body;
      if (answer.status !== 200) throw new Error(JSON.stringify(body));
    });
    return { ratio: ms / bare, ...body };
  }

  it.each([
    ['first', '', 'tom'],
    ['in the middle', '?page=400', 'tom'],
    ['last of all', '?for=all&page=2500', 'tom'],
    ['first of all', '?for=all', 'tom'],
    ['in the middle of all', '?for=all&page=1250', 'tom'],
    ['of a hundred', '?for=all&page=250&page_size=100', 'tom'],
    ['by expiry', '?for=all&sort_by=expires_at&sort_order=asc', 'tom'],
    ['by level', '?sort_by=privilege_level', 'tom'],
    ['of a group', '?for=all&group=rare', 'tom'],
    ['of their own group', '?group=rare', 'rita'],
    ['of whom no group knows', '', 'nobody'],
    ['of a workflow', '?workflow_name=flow', 'tom'],
    ['of a tool', '?tool=t3', 'tom'],
    ['of a gate', '?gate_name=g3', 'tom'],
    ['of levels', '?min_level=4&max_level=5', 'tom'],
    ['of old ones', '?older_than_minutes=600', 'tom'],
    ['of those that expire', '?for=all&expires_within_minutes=60', 'tom'],
    ['that nobody claimed', '?claimed=free', 'tom'],
    ['that they claimed', '?claimed=mine', 'tom'],
  ])('gives a page %s in time', async (_name, path, sub) => {
    expect((await page(path, sub)).ratio).toBeLessThan(MOST);
  });

  it('gives those of a group that has ten', async () => {
    expect((await page('?for=all&group=rare', 'rita')).total).toBe(10);
  });

  it('gives a family, a page by a cursor and the counts in time', async () => {
    const first = await service.call(tenant, 'GET', '/inbox?for=all&page=1200');
    const { next_cursor } = first.body as { next_cursor: string };
    for (const path of [`?for=all&cursor=${next_cursor}`, `?execution_id=${execution}`, '/counts'])
      expect((await page(path, 'tom')).ratio).toBeLessThan(MOST);
  });
});
