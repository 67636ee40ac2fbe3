import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { AgentSessions } from '@aumos/agf-sessions';
import { RedisProxy, testStack } from '@aumos/agf-testing';
import { type Gateway, startGateway } from './support/gateway.js';

const key = randomBytes(32).toString('base64');

describe('sessions of an agent', () => {
  let gateway: Gateway;
  let sessions: AgentSessions;
  beforeAll(async () => {
    gateway = await startGateway({ AUMOS_AGF_SESSION_ENCRYPTION_KEYS: key });
    sessions = gateway.app.get(AgentSessions);
  }, 120_000);
  afterAll(() => gateway.close());

  const anAgent = async (claims = {}): Promise<string> => {
    const body = { name: `Agent ${randomUUID()}`, privilege_level: 1 };
    return (await gateway.call('POST', '/agents', body, { claims })).body.id as string;
  };
  const session = (agent: string, id: string) => sessions.open({ tenant: gateway.tenant, agent, session: id });
  const as = (...roles: string[]) => ({
    claims: { tenant_id: gateway.tenant, privilege_level: 5, realm_access: { roles } },
  });
  const stranger = { claims: { tenant_id: randomUUID(), privilege_level: 5, realm_access: { roles: ['admin'] } } };
  const audited = async (resource_id: string, agent: string): Promise<object[]> => {
    const { items } = await gateway.app
      .get(TenantDb)
      .run(gateway.tenant, () => gateway.app.get(AuditRepository).list({ resource_id, page_size: 100 }));
    return items.filter(({ details }) => details['agent_id'] === agent);
  };

  it('are listed by their last use, and shown', async () => {
    const agent = await anAgent();
    for (const id of ['a', 'b', 'c']) await session(agent, id).set('x', id);
    const page = await gateway.call('GET', `/agents/${agent}/sessions?page_size=2`);
    expect(page).toMatchObject({
      status: 200,
      body: { total: 3, page: 1, page_size: 2, pages: 2, has_next: true, has_prev: false },
    });
    expect(page.body.items).toMatchObject([{ id: 'c' }, { id: 'b' }]);
    const last = await gateway.call('GET', `/agents/${agent}/sessions?page=1&page_size=1&sort_order=asc`);
    const [item] = last.body.items as object[];
    expect(item).toEqual({
      id: 'a',
      kind: 'private',
      agent_id: agent,
      execution_id: null,
      agents: null,
      keys: 1,
      bytes: expect.any(Number),
      version: expect.any(Number),
      created_at: expect.any(String),
      updated_at: expect.any(String),
      expires_at: expect.any(String),
    });
    const one = await gateway.call('GET', `/agents/${agent}/sessions/a`);
    expect(one).toMatchObject({ status: 200, body: { id: 'a', keys: 1, values: null } });
    expect((await gateway.call('GET', `/agents/${agent}/sessions?page_size=101`)).status).toBe(400);
  });

  it('show what they hold to admins and developers; another’s try is on record', async () => {
    const agent = await anAgent();
    const version = await session(agent, 'a').set('toString', { deep: ['secret'] });
    const path = `/agents/${agent}/sessions/a?values=true`;
    for (const role of ['admin', 'developer'])
      expect((await gateway.call('GET', path, undefined, as(role))).body.values).toEqual({
        toString: { value: { deep: ['secret'] }, version },
      });
    for (const role of ['viewer', 'auditor', 'approver']) {
      const answer = await gateway.call('GET', path, undefined, as(role));
      expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
      expect(JSON.stringify(answer.body)).not.toContain('secret');
      expect((await gateway.call('GET', `/agents/${agent}/sessions/a`, undefined, as(role))).status).toBe(200);
    }
    expect(await audited('a', agent)).toMatchObject(
      Array.from({ length: 3 }, () => ({ action: 'session.read_values', outcome: 'denied' })),
    );
    expect((await gateway.call('GET', `/agents/${agent}/sessions/a?values=yes`)).status).toBe(400);
  });

  it('that are shared are named by their execution', async () => {
    const [one, two, other] = [await anAgent(), await anAgent(), await anAgent()];
    const execution = { id: randomUUID(), agents: [one, two] };
    await sessions.open({ tenant: gateway.tenant, agent: one, execution }).set('x', 1);
    const path = (agent: string): string => `/agents/${agent}/sessions/shared:${execution.id}`;
    expect((await gateway.call('GET', `${path(two)}?values=true`)).body).toMatchObject({
      kind: 'shared',
      execution_id: execution.id,
      agents: [one, two].sort(),
      values: { x: { value: 1 } },
    });
    expect((await gateway.call('GET', path(other))).status).toBe(404);
    expect((await gateway.call('DELETE', path(other))).status).toBe(404);
    expect((await gateway.call('GET', path(one))).status).toBe(200);
  });

  it('are removed one by one, and all at once; who did it is on record', async () => {
    const agent = await anAgent();
    for (const id of ['a', 'b', 'c']) await session(agent, id).set('x', 1);
    const execution = { id: randomUUID(), agents: [agent] };
    await sessions.open({ tenant: gateway.tenant, agent, execution }).set('x', 1);
    expect((await gateway.call('DELETE', `/agents/${agent}/sessions/a`)).status).toBe(204);
    expect(await gateway.call('DELETE', `/agents/${agent}/sessions/a`)).toMatchObject({
      ...{ status: 404, body: { code: 'NOT_FOUND' } },
    });
    expect(await audited('a', agent)).toMatchObject([{ action: 'session.remove', outcome: 'allowed' }]);
    expect((await gateway.call('GET', `/agents/${agent}/sessions`)).body.total).toBe(3);
    for (const role of ['viewer', 'auditor', 'approver'])
      for (const path of ['', '/b'])
        expect((await gateway.call('DELETE', `/agents/${agent}/sessions${path}`, undefined, as(role))).status).toBe(
          403,
        );
    expect((await gateway.call('DELETE', `/agents/${agent}/sessions`)).status).toBe(204);
    expect((await gateway.call('GET', `/agents/${agent}/sessions`)).body).toMatchObject({ total: 0, items: [] });
    expect(await audited('all', agent)).toMatchObject([{ action: 'session.remove', details: { sessions: 3 } }]);
    expect((await gateway.call('DELETE', `/agents/${agent}/sessions`)).status).toBe(204);
  });

  it('of another tenant do not exist, nor does what is malformed', async () => {
    const agent = await anAgent();
    await session(agent, 'a').set('x', 1);
    const theirs = await anAgent(stranger.claims);
    for (const [method, path] of [
      ['GET', `/agents/${agent}/sessions`],
      ['GET', `/agents/${agent}/sessions/a`],
      ['GET', `/agents/${agent}/sessions/a?values=true`],
      ['DELETE', `/agents/${agent}/sessions`],
      ['DELETE', `/agents/${agent}/sessions/a`],
      ['GET', `/agents/${theirs}/sessions/a`],
      ['DELETE', `/agents/${theirs}/sessions/a`],
    ] as const)
      expect(await gateway.call(method, path, undefined, stranger)).toMatchObject({
        status: 404,
        body: { code: 'NOT_FOUND' },
      });
    for (const path of [
      `/agents/${randomUUID()}/sessions`,
      '/agents/x/sessions',
      `/agents/${agent}/sessions/b`,
      `/agents/${agent}/sessions/private:${agent}:a`,
      `/agents/${agent}/sessions/*`,
      `/agents/${agent}/sessions/${encodeURIComponent('a}:session:{')}`,
      `/agents/${agent}/sessions/${'x'.repeat(200)}`,
    ])
      for (const method of ['GET', 'DELETE'])
        expect({ path, status: (await gateway.call(method, path)).status }).toEqual({ path, status: 404 });
    expect((await session(agent, 'a').get('x'))!.value).toBe(1);
  });
});

describe('sessions while Redis is away', () => {
  it('are refused, and nothing is said to be gone', async () => {
    const proxy = await RedisProxy.before(testStack().redis);
    const gateway = await startGateway({ AUMOS_AGF_REDIS_URL: proxy.url });
    try {
      const { body: agent } = await gateway.call('POST', '/agents', { name: 'x', privilege_level: 1 });
      const path = `/agents/${String(agent.id)}/sessions`;
      expect((await gateway.call('GET', path)).status).toBe(200);
      proxy.stall();
      for (const [method, at] of [
        ['GET', path],
        ['GET', `${path}/a`],
        ['DELETE', path],
        ['DELETE', `${path}/a`],
      ] as const) {
        const answer = await gateway.call(method, at);
        expect(answer).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE' } });
        expect(answer.headers.get('retry-after')).toBe('1');
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
      }
    } finally {
      proxy.heal();
      await gateway.close();
      await proxy.close();
    }
  }, 120_000);
});
