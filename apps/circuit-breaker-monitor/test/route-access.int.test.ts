import { randomUUID } from 'node:crypto';
import { ROLES } from '@aumos/agf-domain';
import { AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ListeningMonitor, startMonitor } from './support/listening-monitor.js';
import { ROUTE_ACCESS } from './support/route-access.js';

const PREFIX = '/api/v1';
const LEVELS = [1, 2, 3, 4, 5];
const CALLERS = [...ROLES, null];
/** For something that is not there: a caller who may ask is told that, or that the body makes no sense. */
const pathOf = (path: string): string =>
  path.replace('{key}', `workflow:${randomUUID()}`).replace(/\{\w+\}/g, () => randomUUID());

describe('the routes', () => {
  let monitor: ListeningMonitor;
  beforeAll(async () => {
    monitor = await startMonitor();
  }, 120_000);
  afterAll(() => monitor.close());

  const call = async (route: string, tenant: string, role: string | null, privilege_level: number) => {
    const [method, path] = route.split(' ') as [string, string];
    const roles = role === null ? [] : [role];
    const authorization = await monitor.authorization(tenant, { privilege_level, realm_access: { roles } });
    const json = { body: '{}', headers: { authorization, 'content-type': 'application/json' } };
    const rest = method === 'GET' || method === 'DELETE' ? { headers: { authorization } } : json;
    return fetch(`${monitor.url}${PREFIX}${pathOf(path)}`, { method, ...rest });
  };
  const codeOf = async (answer: Response): Promise<string | null> => {
    if (!answer.headers.get('content-type')?.startsWith('application/problem+json')) {
      // A stream has no end to wait for.
      await answer.body?.cancel();
      return null;
    }
    return ((await answer.json()) as { code: string }).code;
  };

  it('are those of the table, all of them', async () => {
    const document = (await (await fetch(`${monitor.url}/openapi.json`)).json()) as { paths: Record<string, object> };
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
    const audit = monitor.app.get(AuditRepository);
    const { total } = await monitor.app.get(TenantDb).run(tenant, () => audit.list({ action: 'route.call' }));
    expect(total).toBe(denied.length);
  });

  it.each(Object.keys(ROUTE_ACCESS))('%s is for nobody without a token', async (route) => {
    const [method, path] = route.split(' ') as [string, string];
    const answer = await fetch(`${monitor.url}${PREFIX}${pathOf(path)}`, { method });
    expect([answer.status, await codeOf(answer)]).toEqual([401, 'UNAUTHORIZED']);
  });
});
