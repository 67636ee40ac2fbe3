import { randomUUID } from 'node:crypto';
import { ROLES } from '@aumos/agf-domain';
import { AuditRepository, GatePoliciesRepository, TenantDb } from '@aumos/agf-persistence';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, type ListeningApprovals, startApprovals } from './support/listening-approvals.js';

let service: ListeningApprovals;
beforeAll(async () => {
  service = await startApprovals();
}, 120_000);
afterAll(() => service.close());

function call(
  tenant: string,
  method: string,
  path = '',
  { body, roles = ['admin'] }: { body?: unknown; roles?: string[] } = {},
): Promise<Answer> {
  const claims = { sub: 'chief', realm_access: { roles } };
  return service.call(tenant, method, `/policies${path}`, { claims, ...(body === undefined ? {} : { body }) });
}

describe("a tenant's policies of gates", () => {
  const payments = {
    condition: "workflow == 'payments' && has(arguments.amount) && arguments.amount > 100",
    approvals_required: 2,
    stages: [{ name: 'risk', approvers: ['role:admin'] }],
    max_timeout_hours: 0.5,
    allow_standing: false,
  };

  it('are made, replaced, listed by name and removed', async () => {
    const tenant = randomUUID();
    expect(await call(tenant, 'GET')).toMatchObject({ status: 200, body: [] });
    const made = await call(tenant, 'PUT', '/payments', { body: payments });
    expect(made).toMatchObject({ status: 200, body: { ...payments, name: 'payments', updated_by: 'chief' } });
    await call(tenant, 'PUT', '/all', { body: { condition: 'true' } });
    const replaced = await call(tenant, 'PUT', '/payments', { body: { condition: 'false' } });
    expect(replaced.body).toEqual({
      ...{ name: 'payments', condition: 'false', updated_by: 'chief' },
      updated_at: expect.any(String),
    });
    const { body: all } = await call(tenant, 'GET', '', { roles: ['viewer'] });
    expect((all as { name: string }[]).map(({ name }) => name)).toEqual(['all', 'payments']);
    expect((await call(tenant, 'DELETE', '/payments')).status).toBe(204);
    expect(await call(tenant, 'DELETE', '/payments')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect((await call(tenant, 'GET')).body).toHaveLength(1);
  });

  it('are audited, with what they were', async () => {
    const tenant = randomUUID();
    await call(tenant, 'PUT', '/p', { body: { condition: 'true' } });
    await call(tenant, 'PUT', '/p', { body: { condition: 'false' } });
    await call(tenant, 'DELETE', '/p');
    const db = service.app.get(TenantDb);
    const { items } = await db.run(tenant, () => service.app.get(AuditRepository).list());
    const [one, two] = ['true', 'false'].map((condition) => ({ name: 'p', condition }));
    expect(items.map(({ action, actor_id, details }) => [action, actor_id, details]).reverse()).toEqual([
      ['gate_policy.replace', 'chief', { policy: one, before: null }],
      ['gate_policy.replace', 'chief', { policy: two, before: one }],
      ['gate_policy.remove', 'chief', { before: two }],
    ]);
  });

  it('are changed by admins alone', async () => {
    const tenant = randomUUID();
    await call(tenant, 'PUT', '/p', { body: { condition: 'true' } });
    const others = ROLES.filter((role) => role !== 'admin');
    for (const roles of [others, []]) {
      const put = await call(tenant, 'PUT', '/p', { body: { condition: 'false' }, roles });
      expect(put).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
      expect((await call(tenant, 'DELETE', '/p', { roles })).status).toBe(403);
    }
    expect((await call(tenant, 'GET')).body).toMatchObject([{ condition: 'true' }]);
  });

  it("are the tenant's own: of another one's nothing is seen, changed or taken", async () => {
    const [tenant, other] = [randomUUID(), randomUUID()];
    await call(tenant, 'PUT', '/p', { body: payments });
    expect((await call(other, 'GET')).body).toEqual([]);
    expect((await call(other, 'DELETE', '/p')).status).toBe(404);
    expect((await call(other, 'PUT', '/p', { body: { condition: 'false' } })).status).toBe(200);
    expect((await call(tenant, 'GET')).body).toMatchObject([payments]);
    expect(await service.app.get(GatePoliciesRepository).of(other)).toEqual([{ name: 'p', condition: 'false' }]);
  });

  it.each<[string, unknown, string]>([
    ['/p', {}, 'condition'],
    ['/p', { condition: 1 }, 'condition'],
    ['/p', { condition: 'nothing.here' }, 'condition'],
    ['/p', { condition: '1 + 1' }, 'condition'],
    ['/p', { condition: 'true', allow_standing: true }, 'allow_standing'],
    ['/p', { condition: 'true', approvers: ['a'], stages: [{ name: 's' }] }, 'stages'],
    ['/p', { condition: 'true', stages: [{ name: 's', who: 'x' }] }, 'stages.0.who'],
    ['/p', { condition: 'true', name: 'q' }, 'name'],
    ['/p', { condition: 'true', waives: true }, 'waives'],
    [`/${encodeURIComponent('a/b')}`, { condition: 'true' }, 'name'],
    [`/${encodeURIComponent('a\0')}`, { condition: 'true' }, 'name'],
  ])('%s with %j is refused: %s', async (path, body, field) => {
    const tenant = randomUUID();
    const answer = await call(tenant, 'PUT', path, { body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } });
    const { fields } = (answer.body as { details: { fields: { field: string }[] } }).details;
    expect(fields.map((each) => each.field)).toContain(field);
    expect((await call(tenant, 'GET')).body).toEqual([]);
  });

  it('are a hundred at most', async () => {
    const tenant = randomUUID();
    const db = service.app.get(TenantDb);
    await db.run(tenant, async () => {
      for (let i = 0; i < 100; i++)
        await service.app.get(GatePoliciesRepository).put({ name: `p${String(i)}`, condition: 'true' }, 'chief');
    });
    expect((await call(tenant, 'PUT', '/one-more', { body: { condition: 'true' } })).status).toBe(400);
    expect((await call(tenant, 'PUT', '/p7', { body: { condition: 'false' } })).status).toBe(200);
  });
});
