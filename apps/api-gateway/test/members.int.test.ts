import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { AuditRepository, Newcomers, TenantDb } from '@aumos/agf-persistence';
import { eventually } from '@aumos/agf-testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Gateway, startGateway } from './support/gateway.js';

interface Problem {
  details: { fields: { field: string }[] };
}

describe('members', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway();
  }, 120_000);
  afterAll(() => gateway.close());

  const as = (privilege_level: number, roles: string[], more: object = {}) => ({
    claims: { tenant_id: gateway.tenant, privilege_level, realm_access: { roles }, ...more },
  });
  const GRANT = { roles: ['approver'], privilege_level: 3 };
  const add = (body: object = {}, more = {}) =>
    gateway.call('POST', '/members', { sub: `sub|${randomUUID()}`, ...GRANT, ...body }, more);
  const path = (sub: unknown): string => `/members/${encodeURIComponent(String(sub))}`;

  it('are added, listed, changed and removed, and the audit log says by whom', async () => {
    const made = await add({ display_name: 'Ada' });
    expect(made).toMatchObject({ status: 201, body: { ...GRANT, display_name: 'Ada' } });
    const sub = String(made.body.sub);
    expect((await add({ sub })).status).toBe(409);
    const grant = { roles: ['approver', 'developer'], privilege_level: 4 };
    expect(await gateway.call('PUT', path(sub), grant)).toMatchObject({
      ...{ status: 200, body: { sub, ...grant, display_name: 'Ada' } },
    });
    const { body: page } = await gateway.call('GET', '/members?page_size=100');
    expect(page.items).toContainEqual(expect.objectContaining({ sub, privilege_level: 4 }));
    expect((await gateway.call('DELETE', path(sub))).status).toBe(204);
    expect((await gateway.call('DELETE', path(sub))).status).toBe(404);
    expect((await gateway.call('PUT', path(sub), grant)).status).toBe(404);
    const audit = gateway.app.get(AuditRepository);
    const of = { resource_id: sub, sort_order: 'asc' } as const;
    const { items } = await gateway.app.get(TenantDb).run(gateway.tenant, () => audit.list(of));
    expect(items).toMatchObject([
      { action: 'member.add', outcome: 'allowed', details: GRANT },
      { action: 'member.change', outcome: 'allowed', details: { ...grant, before: GRANT } },
      { action: 'member.remove', outcome: 'allowed', details: grant },
    ]);
  });

  it('are limited however their name is spelled, and granted to once', async () => {
    const sub = `ada|${randomUUID()}`;
    await add({ sub, privilege_level: 1, roles: ['admin'] });
    for (const spelled of [sub.toUpperCase(), ` ${sub}`, `${sub}\u200b`, sub.replace('a', '\uff41')]) {
      expect((await add({ sub: spelled, privilege_level: 1 })).status).toBe(409);
      const answer = await add({ privilege_level: 2 }, as(5, ['admin'], { sub: spelled }));
      expect(answer).toMatchObject({ status: 403, body: { code: 'PRIVILEGE_DENIED', details: { effective: 1 } } });
      const own = await gateway.call('PUT', path(sub), GRANT, as(5, ['admin'], { sub: spelled }));
      expect(own.status).toBe(403);
    }
  });

  it('are granted no more than who grants has, and nobody grants to themselves', async () => {
    const { body: high } = await add({ privilege_level: 5 });
    const [low, own] = [await add({ privilege_level: 1 }), `me|${randomUUID()}`];
    const three = as(3, ['admin']);
    await add({ sub: own, roles: ['admin'], privilege_level: 3 });
    const refused = [
      await add({ privilege_level: 4 }, three),
      await gateway.call('PUT', path(high.sub), { roles: [], privilege_level: 1 }, three),
      await gateway.call('DELETE', path(high.sub), undefined, three),
      await gateway.call('PUT', path(low.body.sub), { roles: [], privilege_level: 4 }, three),
      await gateway.call('PUT', path(own), { roles: ['admin'], privilege_level: 5 }, as(5, ['admin'], { sub: own })),
      await gateway.call('DELETE', path(own), undefined, as(5, ['admin'], { sub: own })),
    ];
    for (const { status, body } of refused)
      expect({ status, body }).toMatchObject({ status: 403, body: { code: 'PRIVILEGE_DENIED' } });
    expect((await gateway.call('PUT', path(low.body.sub), { roles: [], privilege_level: 3 }, three)).status).toBe(200);
  });

  it('are seen by admins and auditors, and changed by admins', async () => {
    const { body: made } = await add();
    for (const role of ['developer', 'viewer', 'auditor', 'approver']) {
      const caller = as(5, [role]);
      expect((await gateway.call('GET', '/members', undefined, caller)).status).toBe(role === 'auditor' ? 200 : 403);
      const answers = [
        await add({}, caller),
        await gateway.call('PUT', path(made.sub), GRANT, caller),
        await gateway.call('PUT', '/members', { complete: true }, caller),
        await gateway.call('DELETE', path(made.sub), undefined, caller),
      ];
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    }
  });

  it('of another tenant do not exist', async () => {
    const { body: made } = await add();
    const foreign = as(5, ['admin'], { tenant_id: randomUUID() });
    const { body: page } = await gateway.call('GET', '/members?page_size=100', undefined, foreign);
    expect(JSON.stringify(page)).not.toContain(String(made.sub));
    expect((await gateway.call('PUT', path(made.sub), GRANT, foreign)).status).toBe(404);
    expect((await gateway.call('DELETE', path(made.sub), undefined, foreign)).status).toBe(404);
    expect((await add({ sub: made.sub }, foreign)).status).toBe(201);
  });

  it.each([
    [{ sub: '' }, 'sub'],
    [{ sub: 'a\u0000' }, 'sub'],
    [{ sub: 'x'.repeat(256) }, 'sub'],
    [{ roles: ['root'] }, 'roles'],
    [{ roles: ['admin', 'admin'] }, 'roles'],
    [{ privilege_level: 6 }, 'privilege_level'],
    [{ display_name: '' }, 'display_name'],
    [{ level: 3 }, 'level'],
  ])('that are %j are none', async (body, field) => {
    const { status, body: problem } = await add(body);
    expect(status).toBe(400);
    expect((problem as Problem).details.fields.map((each) => each.field)).toContain(field);
  });

  it('are learned from their tokens, which limits nobody and grants nothing, until something is granted', async () => {
    const [tenant_id, sub] = [randomUUID(), `sub|${randomUUID()}`];
    const boss = as(5, ['admin'], { tenant_id, sub: 'boss' });
    const with_ = (level: number, roles: string[]) => as(level, roles, { tenant_id, sub, preferred_username: 'Ada' });
    const entry = async () => {
      const { body } = await gateway.call('GET', '/members?page_size=100', undefined, boss);
      return (body.items as { sub: string }[]).find((each) => each.sub === sub);
    };
    const become = (wanted: object) =>
      eventually(async () => isDeepStrictEqual({ ...(await entry()), ...wanted }, await entry()));
    expect((await gateway.call('GET', '/agents', undefined, with_(2, ['developer']))).status).toBe(200);
    await become({ origin: 'learned', display_name: 'Ada', roles: ['developer'], privilege_level: 2 });
    // A token that says more counts for more at once: nothing was granted.
    const agent = { name: `a-${randomUUID()}`, privilege_level: 4 };
    expect((await gateway.call('POST', '/agents', agent, with_(4, ['developer']))).status).toBe(201);
    await become({ origin: 'learned', privilege_level: 4 });
    expect((await gateway.call('POST', '/members', { sub, ...GRANT }, boss)).status).toBe(201);
    expect((await gateway.call('POST', '/members', { sub, ...GRANT }, boss)).status).toBe(409);
    const another = { name: `a-${randomUUID()}`, privilege_level: 4 };
    expect((await gateway.call('POST', '/agents', another, with_(5, ['developer', 'viewer']))).status).toBe(403);
    expect(await entry()).toMatchObject({ origin: 'granted', ...GRANT });
  });

  it('are not learned where the list is complete', async () => {
    const tenant_id = randomUUID();
    const boss = as(5, ['admin'], { tenant_id, sub: 'boss' });
    const subs = async () => {
      const { body } = await gateway.call('GET', '/members', undefined, boss);
      return (body.items as { sub: string }[]).map(({ sub }) => sub);
    };
    expect((await gateway.call('PUT', '/members', { complete: true }, boss)).status).toBe(200);
    await gateway.app.get(Newcomers).settled();
    const before = await subs();
    await gateway.call('GET', '/agents', undefined, as(5, ['viewer'], { tenant_id, sub: 'late' }));
    await gateway.app.get(Newcomers).settled();
    expect(await subs()).toEqual(before);
  });

  it('that are declared complete make a gate that none of them can fulfil an error', async () => {
    const tenant = as(5, ['admin'], { tenant_id: randomUUID() });
    const name = `w-${randomUUID()}`;
    const graph_definition = {
      schema: 'agf/workflow/v1',
      name,
      hitl_gates: { all: { gate_name: 'all', approvals_required: 3 } },
      nodes: [{ id: 'g', type: 'gate', gate: 'all', payload: {} }],
      edges: [
        { source: 'START', target: 'g' },
        { source: 'g', target: 'END' },
      ],
    };
    const validate = async () =>
      (await gateway.call('POST', '/workflows/validate', { name, graph_definition }, tenant)).body.findings as {
        severity: string;
      }[];
    const severities = async () => (await validate()).map(({ severity }) => severity);
    await add({ roles: ['approver'] }, tenant);
    // The admin, who was learned from the token, is the second of three.
    await eventually(async () => (await gateway.call('GET', '/members', undefined, tenant)).body.total === 2);
    expect(await severities()).toEqual(['warning']);
    expect((await gateway.call('PUT', '/members', { complete: true }, tenant)).body).toEqual({ complete: true });
    expect(await severities()).toEqual(['error']);
    await add({ roles: ['approver'] }, tenant);
    expect(await severities()).toEqual([]);
    expect((await gateway.call('PUT', '/members', { complete: false }, tenant)).status).toBe(200);
  });
});
