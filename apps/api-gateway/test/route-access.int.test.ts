import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES } from '@aumos/agf-domain';
import { AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { type Gateway, startGateway } from './support/gateway.js';
import { ROUTE_ACCESS } from './support/route-access.js';

const PREFIX = '/api/v1';
const LEVELS = [1, 2, 3, 4, 5];
const CALLERS = [...ROLES, null];
/** For something that is not there: a caller who may ask is told that, or that the body makes no sense. */
const pathOf = (path: string): string =>
  path
    .replace('{version}', '1')
    .replace('{step}', '1')
    .replace(/\{\w+\}/g, () => randomUUID());

describe('the routes', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway();
  }, 120_000);
  afterAll(() => gateway.close());

  const call = (route: string, tenant_id: string, role: string | null, privilege_level: number) => {
    const [method, path] = route.split(' ') as [string, string];
    const claims = { tenant_id, privilege_level, realm_access: { roles: role === null ? [] : [role] } };
    const body = { body: '{}', headers: { 'content-type': 'application/json' } };
    return gateway.raw(pathOf(path), { claims, method, ...(method === 'POST' ? body : {}) });
  };
  const codeOf = async (answer: Response): Promise<string | null> => {
    const text = await answer.text();
    const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json');
    return isProblem ? (JSON.parse(text) as { code: string }).code : null;
  };

  it('are those of the table, all of them', async () => {
    const document = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as { paths: Record<string, object> };
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.slice(PREFIX.length)}`),
    );
    expect(routes.sort()).toEqual(Object.keys(ROUTE_ACCESS).sort());
  });

  it.each(Object.entries(ROUTE_ACCESS))('%s is for %j, at every level', async (route, roles) => {
    const tenant = randomUUID();
    const cells = CALLERS.flatMap((role) => LEVELS.map((level) => ({ role, level })));
    const answers = await Promise.all(
      cells.map(async ({ role, level }) => {
        const answer = await call(route, tenant, role, level);
        return { role, level, status: answer.status, code: await codeOf(answer) };
      }),
    );
    const mayCall = (role: string | null): boolean => roles === 'anybody' || roles.some((each) => each === role);
    const denied = answers.filter(({ code }) => code === 'FORBIDDEN' || code === 'PRIVILEGE_DENIED');
    expect(denied.map(({ role, level }) => ({ role, level }))).toEqual(cells.filter(({ role }) => !mayCall(role)));
    for (const { status } of denied) expect(status).toBe(403);
    for (const { status } of answers) expect([401, 405, 500, 501, 502, 503]).not.toContain(status);
    const audit = gateway.app.get(AuditRepository);
    const { total } = await gateway.app.get(TenantDb).run(tenant, () => audit.list({ action: 'route.call' }));
    expect(total).toBe(denied.length);
  });

  it.each(Object.keys(ROUTE_ACCESS))('%s is for nobody without a token', async (route) => {
    const [method, path] = route.split(' ') as [string, string];
    const answer = await fetch(`${gateway.url}${PREFIX}${pathOf(path)}`, { method });
    expect([answer.status, await codeOf(answer)]).toEqual([401, 'UNAUTHORIZED']);
  });
});
