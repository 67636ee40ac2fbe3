import { randomUUID } from 'node:crypto';
import { AuditRepository } from '@aumos/agf-persistence';
import { CALLERS, mayCall, RouteWalk } from '@aumos/agf-platform/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ListeningApprovals, startApprovals } from './support/listening-approvals.js';
import { CHANNEL_ACCESS } from './support/route-access.js';

describe('the routes of channels', () => {
  let service: ListeningApprovals;
  let walk: RouteWalk;
  beforeAll(async () => {
    service = await startApprovals();
    walk = new RouteWalk(service.url, service.authorization, (path) => path.replace(/\{\w+\}/g, () => randomUUID()));
  }, 120_000);
  afterAll(() => service.close());

  it('are those of the table, all of them', async () => {
    const found = (await walk.routes()).filter((route) => /\/hitl\/(?:channels|deliveries|templates)/.test(route));
    expect(found).toEqual(Object.keys(CHANNEL_ACCESS).sort());
  });

  it.each(Object.entries(CHANNEL_ACCESS))('%s is for %j, at every level', async (route, roles) => {
    const tenant = randomUUID();
    const answers = await walk.walk(route, tenant);
    const denied = answers.filter(({ code }) => code === 'FORBIDDEN' || code === 'PRIVILEGE_DENIED');
    expect(denied.map(({ role, level }) => ({ role, level }))).toEqual(CALLERS.filter((each) => !mayCall(roles, each)));
    for (const { status } of answers) expect([401, 405, 500, 501, 502, 503]).not.toContain(status);
    const audit = service.app.get(AuditRepository);
    const { total } = await service.db.run(tenant, () => audit.list({ action: 'route.call' }));
    expect(total).toBe(denied.length);
  });

  it.each(Object.keys(CHANNEL_ACCESS))('%s is for nobody without a token', async (route) => {
    expect(await walk.ask(route)).toEqual({ status: 401, code: 'UNAUTHORIZED' });
  });
});
