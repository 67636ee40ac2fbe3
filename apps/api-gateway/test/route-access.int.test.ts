import { randomUUID } from 'node:crypto';
import { AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { CALLERS, mayCall, RouteWalk } from '@aumos/agf-platform/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Gateway, startGateway } from './support/gateway.js';
import { ROUTE_ACCESS } from './support/route-access.js';

/** For something that is not there: a caller who may ask is told that, or that the body makes no sense. */
const pathOf = (path: string): string =>
  path
    .replace('{version}', '1')
    .replace('{step}', '1')
    .replace(/\{\w+\}/g, () => randomUUID());

describe('the routes', () => {
  let gateway: Gateway;
  let walk: RouteWalk;
  beforeAll(async () => {
    gateway = await startGateway();
    walk = new RouteWalk(gateway.url, async (claims) => (await gateway.authorization(claims)).authorization, pathOf);
  }, 120_000);
  afterAll(() => gateway.close());

  it('are those of the table, all of them', async () => {
    expect(await walk.routes()).toEqual(Object.keys(ROUTE_ACCESS).sort());
  });

  it.each(Object.entries(ROUTE_ACCESS))('%s is for %j, at every level', async (route, roles) => {
    const tenant = randomUUID();
    const answers = await walk.walk(route, tenant);
    const denied = answers.filter(({ code }) => code === 'FORBIDDEN' || code === 'PRIVILEGE_DENIED');
    expect(denied.map(({ role, level }) => ({ role, level }))).toEqual(CALLERS.filter((each) => !mayCall(roles, each)));
    for (const { status } of denied) expect(status).toBe(403);
    for (const { status } of answers) expect([401, 405, 500, 501, 502, 503]).not.toContain(status);
    const audit = gateway.app.get(AuditRepository);
    const { total } = await gateway.app.get(TenantDb).run(tenant, () => audit.list({ action: 'route.call' }));
    expect(total).toBe(denied.length);
  });

  it.each(Object.keys(ROUTE_ACCESS))('%s is for nobody without a token', async (route) => {
    expect(await walk.ask(route)).toEqual({ status: 401, code: 'UNAUTHORIZED' });
  });
});
