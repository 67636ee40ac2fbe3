import { randomUUID } from 'node:crypto';
import {
  AgentsRepository,
  AuditRepository,
  DefinitionsRepository,
  IsolationsRepository,
  TenantDb,
} from '@aumos/agf-persistence';
import { eventually, RedisProxy } from '@aumos/agf-testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EnforceIsolation } from '../src/isolation/enforce-isolation.js';
import { RescanTenant } from '../src/rescan/rescan-tenant.js';
import { type ListeningMonitor, startMonitor } from './support/listening-monitor.js';
import { TenantBreakers } from './support/tenant-breakers.js';

const TOOL = 'tool:csv_profile';
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

describe('isolation', () => {
  let monitor: ListeningMonitor;
  let tenant: TenantBreakers;
  beforeAll(async () => {
    monitor = await startMonitor();
  }, 120_000);
  afterAll(() => monitor.close());
  beforeEach(() => {
    tenant = new TenantBreakers(monitor);
  });
  const isolate = (key: string, body: object = { reason: 'it harms' }, of = tenant.id) =>
    monitor.call(of, 'POST', `/${key}/isolate`, { body });
  const release = (key: string, of = tenant.id) =>
    monitor.call(of, 'POST', `/${key}/release`, { body: { reason: 'it is well' } });
  const audit = async (of = tenant.id) =>
    (await monitor.app.get(TenantDb).run(of, () => monitor.app.get(AuditRepository).list({ sort_order: 'asc' }))).items;

  it('lets nothing pass, from the answer on, until it is released', async () => {
    expect(await tenant.call(TOOL, 'success')).toBe(true);
    const { status, body } = await isolate(TOOL);
    expect([status, body]).toEqual([
      200,
      {
        circuit_key: TOOL,
        isolation: { reason: 'it harms', isolated_by: expect.any(String), since: expect.any(String), expires_at: null },
        in_force: true,
      },
    ]);
    expect(await tenant.call(TOOL, 'success')).toBe(false);
    const shown = await monitor.call(tenant.id, 'GET', `/${TOOL}`);
    expect(shown.body).toMatchObject({ state: 'open', isolation: body.isolation, retry_after_ms: null });
    expect((await release(TOOL)).body).toEqual({ circuit_key: TOOL, isolation: null, in_force: true });
    expect(await tenant.call(TOOL, 'success')).toBe(true);
    await eventually(async () => (await tenant.history()).length === 2, 'its history');
    expect(await tenant.history()).toEqual(['closed open isolated', 'open closed released']);
  });

  it('is in the audit chain, with who and why', async () => {
    const expires_at = inSeconds(60);
    await isolate(TOOL, { reason: 'it harms', expires_at });
    await release(TOOL);
    expect(await audit()).toMatchObject([
      { action: 'breaker.isolate', resource_id: TOOL, outcome: 'allowed', details: { reason: 'it harms', expires_at } },
      { action: 'breaker.release', resource_id: TOOL, outcome: 'allowed', details: { reason: 'it is well' } },
    ]);
  });

  it('is ended and changed by who ordered it, under any spelling of their name, and by admins; others are told so', async () => {
    const by = (sub: string, role: string) => ({ claims: { sub, realm_access: { roles: [role] } } });
    const order = (verb: string, who: ReturnType<typeof by>, body: object = { reason: 'r' }) =>
      monitor.call(tenant.id, 'POST', `/${TOOL}/${verb}`, { body, ...who });
    const [ann, ben, boss] = [by('ann', 'developer'), by('ben', 'developer'), by('boss', 'admin')];
    expect((await order('isolate', ann)).status).toBe(200);
    for (const [verb, body] of [
      ['release', { reason: 'well' }],
      ['isolate', { reason: 'shorter', expires_at: inSeconds(1) }],
    ] as const)
      expect(await order(verb, ben, body)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await tenant.call(TOOL, 'success')).toBe(false);
    expect((await order('isolate', by(' ANN', 'developer'), { reason: 'still' })).status).toBe(200);
    expect((await order('release', boss)).status).toBe(200);
    expect((await order('isolate', boss)).status).toBe(200);
    expect((await order('release', ann)).status).toBe(403);
    expect((await audit()).map(({ actor_id, outcome }) => `${actor_id} ${outcome}`)).toEqual([
      'ann allowed',
      'ben denied',
      'ben denied',
      ' ANN allowed',
      'boss allowed',
      'boss allowed',
      'ann denied',
    ]);
  });

  it('ends by itself, and is probed then', async () => {
    await isolate(TOOL, { reason: 'for a moment', expires_at: inSeconds(1) });
    expect(await tenant.call(TOOL, 'success')).toBe(false);
    await eventually(() => tenant.call(TOOL, 'success'), 'the probe');
    await eventually(async () => (await tenant.history()).length === 3, 'its history');
    expect((await tenant.history())[1]).toBe('open half_open reset_timeout');
    expect((await release(TOOL)).body.code).toBe('INVALID_STATE');
  });

  it('takes a new end', async () => {
    await isolate(TOOL);
    const expires_at = inSeconds(60);
    expect((await isolate(TOOL, { reason: 'less', expires_at })).body.isolation).toMatchObject({
      reason: 'less',
      expires_at,
    });
    const [state] = await tenant.guard.states(tenant.id, [TOOL]);
    expect(state!.retry_after_ms).toBeLessThanOrEqual(60_000);
  });

  it('is not freed by a flush, not for one call', async () => {
    await isolate(TOOL);
    for (let i = 0; i < 5; i++) {
      await tenant.flush();
      expect(await tenant.call(TOOL, 'success')).toBe(false);
    }
  });

  it('is applied again where nobody calls, and lifted where a release was lost', async () => {
    await isolate(TOOL);
    const rescan = () => monitor.app.get(RescanTenant).run(tenant.id);
    const isIsolated = async () => (await tenant.guard.states(tenant.id, [TOOL]))[0]!.isolated;
    await tenant.flush();
    await rescan();
    expect(await isIsolated()).toBe(true);
    await monitor.app.get(TenantDb).run(tenant.id, () => monitor.app.get(IsolationsRepository).remove(TOOL));
    await rescan();
    expect(await isIsolated()).toBe(false);
  });

  it('holds in PostgreSQL while Redis is away, and in Redis once it is back', async () => {
    const proxy = await RedisProxy.before(monitor.env['AUMOS_AGF_REDIS_URL']!);
    const behind = await startMonitor({ ...monitor.env, AUMOS_AGF_REDIS_URL: proxy.url });
    try {
      proxy.stall();
      const answer = await behind.call(tenant.id, 'POST', `/${TOOL}/isolate`, { body: { reason: 'it harms' } });
      expect([answer.status, answer.body.in_force]).toEqual([200, false]);
      await monitor.app.get(RescanTenant).run(tenant.id);
      expect(await tenant.call(TOOL, 'success')).toBe(false);
    } finally {
      await proxy.close();
      await behind.close();
    }
  }, 60_000);

  it('of many orders at once is the last one, in both', async () => {
    const orders = Array.from({ length: 12 }, (_, i) => (i % 2 ? release(TOOL) : isolate(TOOL)));
    await Promise.all(orders);
    const { body } = await monitor.call(tenant.id, 'GET', `/${TOOL}`);
    expect(body.isolation === null ? 'closed' : 'open').toBe(body.state);
    await monitor.app.get(EnforceIsolation).run(tenant.id, TOOL);
    expect((await monitor.call(tenant.id, 'GET', `/${TOOL}`)).body.state).toBe(body.state);
  });

  describe('of what nobody has asked for yet', () => {
    let agent: string;
    let workflow: string;
    beforeEach(async () => {
      const { app } = monitor;
      await app.get(TenantDb).run(tenant.id, async () => {
        const made = await app.get(AgentsRepository).create({ name: 'writer', privilege_level: 1, created_by: 'dev' });
        agent = `agent:${made!.id}`;
        const definition = {
          schema: 'agf/workflow/v1' as const,
          name: 'flow',
          nodes: [{ id: 'f', type: 'function' as const, handler: 'prepare', task_queue: 'agf-nodes-x', input: {} }],
          edges: [],
        };
        const version = { definition, content_hash: 'h', warnings: [], published_by: 'dev' };
        const flow = await app
          .get(DefinitionsRepository)
          .createWithVersion({ name: 'flow', created_by: 'dev' }, version);
        workflow = `workflow:${flow!.workflow.id}`;
      });
    });

    it('is possible where the tenant has it', async () => {
      for (const key of [agent, workflow, 'tool:function.prepare.agf-nodes-x', TOOL])
        expect([key, (await isolate(key)).status]).toEqual([key, 200]);
    });

    it('is not found elsewhere, and says no more of what is foreign', async () => {
      const other = randomUUID();
      for (const key of [
        agent,
        workflow,
        'tool:function.prepare.agf-nodes-x',
        'tool:nobodys',
        `agent:${randomUUID()}`,
      ]) {
        for (const answer of [await isolate(key, undefined, other), await release(key, other)])
          expect([key, answer.status, answer.body.code]).toEqual([key, 404, 'NOT_FOUND']);
      }
      expect(await audit(other)).toEqual([]);
      expect(await tenant.guard.states(other)).toEqual([]);
    });
  });

  it('does not reach the same tool of another tenant', async () => {
    const other = new TenantBreakers(monitor);
    await isolate(TOOL);
    expect(await other.call(TOOL, 'success')).toBe(true);
    expect((await release(TOOL, other.id)).body.code).toBe('INVALID_STATE');
    expect(await tenant.call(TOOL, 'success')).toBe(false);
  });

  it.each([
    ['no reason', {}, 'reason'],
    ['an empty one', { reason: '' }, 'reason'],
    ['an end that is over', { reason: 'r', expires_at: inSeconds(-1) }, 'expires_at'],
    ['no time', { reason: 'r', expires_at: 'tomorrow' }, 'expires_at'],
    ['more than is asked', { reason: 'r', until: inSeconds(9) }, 'until'],
  ])('refuses %s', async (_, body, field) => {
    const answer = await isolate(TOOL, body);
    expect([answer.status, answer.body.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(answer.body.details.fields[0].field).toBe(field);
    expect(await monitor.app.get(IsolationsRepository).of(tenant.id)).toEqual([]);
  });
});
