import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditVerification, type ChainedEntry, ROLES } from '@aumos/agf-domain';
import { type AuditEntry, AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { type Gateway, startGateway } from './support/gateway.js';

const ENTRY: AuditEntry = {
  ...{ actor_id: 'dana', action: 'tool.call', resource_type: 'execution', resource_id: 'e', outcome: 'denied' },
  details: { need: 4, text: 'a\u2028b "quoted" \u{1f600}' },
};

describe('GET /audit', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway();
  }, 120_000);
  afterAll(() => gateway.close());

  const append = (tenant: string, ...entries: Partial<AuditEntry>[]) =>
    gateway.app.get(TenantDb).run(tenant, async () => {
      for (const each of entries) await gateway.app.get(AuditRepository).append({ ...ENTRY, ...each });
    });
  const as = (tenant_id: string, role = 'auditor') => ({
    claims: { tenant_id, privilege_level: 1, realm_access: { roles: [role] } },
  });
  const exported = async (tenant: string, query = '') => {
    const answer = await gateway.raw(`/audit/export${query}`, as(tenant));
    const text = await answer.text();
    return { answer, lines: text.split('\n').slice(0, -1), text };
  };
  const verify = (lines: string[]) => {
    const verification = new AuditVerification();
    for (const line of lines) verification.take(line);
    return verification.end();
  };
  const listed = async (tenant: string, query = ''): Promise<ChainedEntry[]> =>
    (await gateway.call('GET', `/audit?${query}`, undefined, as(tenant))).body.items as ChainedEntry[];

  it('shows who did what, newest first, by filters', async () => {
    const tenant = randomUUID();
    await append(tenant, {}, { actor_id: 'ada', action: 'agent.create', outcome: 'allowed', resource_id: 'a' }, {});
    const page = await gateway.call('GET', '/audit?page_size=2', undefined, as(tenant));
    expect(page).toMatchObject({
      status: 200,
      body: { total: 3, pages: 2, items: [{ position: 3 }, { position: 2 }] },
    });
    expect(page.body.items[0]).toMatchObject({ ...ENTRY, tenant_id: tenant });
    const [second] = await listed(tenant, 'actor_id=ada');
    expect(second).toMatchObject({ position: 2, action: 'agent.create', outcome: 'allowed' });
    for (const query of [
      'action=agent.create',
      'resource_id=a',
      'outcome=allowed',
      'resource_type=execution&actor_id=ada',
    ])
      expect(await listed(tenant, query)).toEqual([second]);
    expect(await listed(tenant, 'resource_type=agent')).toEqual([]);
    expect((await listed(tenant, 'sort_order=asc')).map(({ position }) => position)).toEqual([1, 2, 3]);
    const later = `occurred_after=${second!.occurred_at.slice(0, 23)}Z`;
    expect((await listed(tenant, later)).at(-1)).toEqual(second);
    expect(await listed(tenant, 'occurred_before=2020-01-01T00:00:00Z')).toEqual([]);
  });

  it('is exported whole, in bounded parts, with the head at its end', async () => {
    const tenant = randomUUID();
    await append(tenant, ...Array.from({ length: 1_203 }, (_, at) => ({ resource_id: String(at) })));
    const { answer, lines } = await exported(tenant);
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    expect(verify(lines)).toMatchObject({ verified: 1_203, finding: null, tenant_id: tenant });
    const head = await gateway.call('GET', '/audit/head', undefined, as(tenant));
    expect(JSON.parse(lines.at(-1)!)).toEqual(head.body);
    const rest = await exported(tenant, '?from=1200');
    expect(rest.lines).toEqual(lines.slice(1_199));
    expect((await exported(tenant, '?from=9999')).lines).toEqual(lines.slice(-1));
  });

  it('is empty where nothing happened', async () => {
    const tenant = randomUUID();
    const { lines } = await exported(tenant);
    expect(lines).toHaveLength(1);
    expect(verify(lines)).toMatchObject({ verified: 0, finding: null });
    expect(await listed(tenant)).toEqual([]);
  });

  it("holds nothing of another tenant's", async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    await append(a, {}, {});
    await append(b, {});
    expect((await exported(b)).text).not.toContain(a);
    expect(verify((await exported(b)).lines)).toMatchObject({ verified: 1, tenant_id: b });
    expect((await listed(b)).map(({ tenant_id }) => tenant_id)).toEqual([b]);
    const head = await gateway.call('GET', '/audit/head', undefined, as(b));
    expect(head.body).toMatchObject({ head: { tenant_id: b, position: 1 } });
    const crossing = { ...as(b), headers: { 'x-tenant-id': a } };
    for (const path of ['/audit', '/audit/head', '/audit/export'])
      expect(await gateway.call('GET', path, undefined, crossing)).toMatchObject({
        ...{ status: 403, body: { code: 'CROSS_TENANT_ACCESS' } },
      });
    expect((await listed(b, 'action=route.call'))[0]).toMatchObject({
      ...{ position: 4, outcome: 'denied', resource_id: '/api/v1/audit/export' },
      details: { code: 'CROSS_TENANT_ACCESS' },
    });
    expect(await listed(a, 'action=route.call')).toEqual([]);
  });

  it('shows who was refused a route', async () => {
    const tenant = randomUUID();
    const viewer = { claims: { ...as(tenant, 'viewer').claims, sub: 'vera' } };
    const path = `/executions/${randomUUID()}/cancel`;
    expect((await gateway.call('POST', `${path}?x=${'y'.repeat(300)}`, {}, viewer)).status).toBe(403);
    expect(await gateway.call('GET', '/audit', undefined, viewer)).toMatchObject({ status: 403 });
    const [second, first] = await listed(tenant);
    expect(first).toMatchObject({
      ...{ actor_id: 'vera', action: 'route.call', resource_type: 'route', resource_id: `/api/v1${path}` },
      ...{ outcome: 'denied' },
    });
    expect(first!.details).toEqual({
      ...{ route: 'POST /api/v1/executions/:id/cancel', code: 'FORBIDDEN', roles: ['viewer'], level: 1 },
      required_roles: ['admin', 'developer'],
    });
    expect(second).toMatchObject({ resource_id: '/api/v1/audit', details: { required_roles: ['admin', 'auditor'] } });
  });

  it.each(ROLES.flatMap((role) => ['/audit', '/audit/head', '/audit/export'].map((path) => [role, path] as const)))(
    'answers an %s at %s as its role may',
    async (role, path) => {
      const answer = await gateway.raw(path, as(randomUUID(), role));
      const allowed = role === 'admin' || role === 'auditor';
      expect(answer.status).toBe(allowed ? 200 : 403);
      const text = await answer.text();
      if (!allowed) expect(JSON.parse(text)).toMatchObject({ code: 'FORBIDDEN', status: 403 });
    },
  );

  it.each([
    '/audit?outcome=maybe',
    '/audit?page=0',
    '/audit?occurred_after=yesterday',
    '/audit/export?from=0',
    '/audit?other=1',
  ])('refuses %s', async (path) => {
    const answer = await gateway.call('GET', path);
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } });
    expect(answer.headers.get('content-type')).toMatch(/problem\+json/);
  });
});
