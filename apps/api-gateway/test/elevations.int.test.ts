import { randomUUID } from 'node:crypto';
import { AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, type Gateway, startGateway } from './support/gateway.js';

const ASKED = { privilege_level: 4, seconds: 600, reason: 'The quarter ends.' };

describe('elevations of agents', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ AUMOS_AGF_AGENT_MAX_PRIVILEGE_LEVEL: '4' });
  }, 120_000);
  afterAll(() => gateway.close());

  const as = (sub: string, privilege_level: number, roles: readonly string[], tenant_id = gateway.tenant) => ({
    claims: { sub, tenant_id, privilege_level, realm_access: { roles: [...roles] } },
  });
  const developer = () => as('dev', 2, ['developer', 'approver']);
  const approver = (sub: string, level = 4) => as(sub, level, ['approver']);

  async function anAgent(): Promise<string> {
    const { body } = await gateway.call('POST', '/agents', { name: `a-${randomUUID()}`, privilege_level: 2 });
    return String(body.id);
  }
  async function asked(agent: string, body: object = {}): Promise<string> {
    const answer = await gateway.call('POST', `/agents/${agent}/elevations`, { ...ASKED, ...body }, developer());
    expect(answer).toMatchObject({ status: 201, body: { status: 'requested', requested_by: 'dev', votes: [] } });
    return `/agents/${agent}/elevations/${String(answer.body.id)}`;
  }
  const say = (path: string, verb: 'approve' | 'reject', who: ReturnType<typeof as>, body: object = {}) =>
    gateway.call('POST', `${path}/${verb}`, body, who);
  const status = async (path: string): Promise<unknown> => (await gateway.call('GET', path)).body.status;
  const told = ({ status: code, body }: Answer) => [code, (body as { code?: string }).code];

  it('are granted by two people, from then on, and the audit log has each of them', async () => {
    const agent = await anAgent();
    const path = await asked(agent);
    expect((await say(path, 'approve', approver('ann'))).body).toMatchObject({ status: 'requested' });
    const granted = await say(path, 'approve', approver('ben'), { notes: 'go' });
    expect(granted.body).toMatchObject({
      ...ASKED,
      ...{ status: 'active', agent_version: 1 },
      votes: [
        { actor: 'ann', decision: 'approve', notes: null },
        { actor: 'ben', decision: 'approve', notes: 'go' },
      ],
    });
    const left = Date.parse(String(granted.body.expires_at)) - Date.now();
    expect(left).toBeGreaterThan(540_000);
    expect(left).toBeLessThanOrEqual(601_000);
    expect((await gateway.call('GET', `/agents/${agent}/elevations`)).body).toMatchObject({ total: 1 });
    expect(told(await say(path, 'approve', approver('cy')))).toEqual([422, 'INVALID_STATE']);
    expect((await gateway.call('DELETE', path, undefined, developer())).status).toBe(204);
    expect(await status(path)).toBe('revoked');
    expect(told(await gateway.call('DELETE', path))).toEqual([422, 'INVALID_STATE']);
    const of = { resource_id: path.split('/').at(-1)!, sort_order: 'asc' } as const;
    const audit = gateway.app.get(AuditRepository);
    const { items } = await gateway.app.get(TenantDb).run(gateway.tenant, () => audit.list(of));
    expect(items.map(({ action, actor_id }) => [action, actor_id])).toEqual([
      ['elevation.request', 'dev'],
      ['elevation.approve', 'ann'],
      ['elevation.approve', 'ben'],
      ['elevation.revoke', 'dev'],
    ]);
    expect(items[2]?.details).toMatchObject({ granted_until: granted.body.expires_at });
  });

  it('are decided on by nobody who asked, nobody twice, and nobody too low', async () => {
    const path = await asked(await anAgent());
    expect(told(await say(path, 'approve', as('dev', 5, ['admin'])))).toEqual([403, 'PRIVILEGE_DENIED']);
    expect(told(await say(path, 'approve', approver('low', 3)))).toEqual([403, 'PRIVILEGE_DENIED']);
    await gateway.call('POST', '/members', { sub: 'granted-3', roles: ['approver'], privilege_level: 3 });
    expect(told(await say(path, 'approve', approver('granted-3', 5)))).toEqual([403, 'PRIVILEGE_DENIED']);
    expect((await say(path, 'approve', approver('ann'))).status).toBe(200);
    expect(told(await say(path, 'approve', approver('ann')))).toEqual([409, 'CONFLICT']);
    expect(told(await say(path, 'reject', approver('ann')))).toEqual([409, 'CONFLICT']);
    expect(await status(path)).toBe('requested');
    expect((await say(path, 'reject', approver('ben'))).body).toMatchObject({ status: 'rejected' });
    expect(told(await say(path, 'approve', approver('cy')))).toEqual([422, 'INVALID_STATE']);
  });

  it('by fifty at once are granted once, by two', async () => {
    const path = await asked(await anAgent());
    const all = Array.from({ length: 50 }, (_, i) => say(path, 'approve', approver(`p${String(i)}`)));
    const answers = await Promise.all(all);
    expect(answers.filter(({ status: code }) => code === 200)).toHaveLength(2);
    expect((await gateway.call('GET', path)).body).toMatchObject({ status: 'active' });
    expect((await gateway.call('GET', path)).body.votes).toHaveLength(2);
  });

  it('are of the agent that was approved, not of what it becomes', async () => {
    const agent = await anAgent();
    const [granted, open] = [await asked(agent), await asked(agent)];
    for (const sub of ['ann', 'ben']) await say(granted, 'approve', approver(sub));
    expect(await status(granted)).toBe('active');
    await gateway.call('PATCH', `/agents/${agent}`, { instructions: 'Do as you like.' });
    expect([await status(granted), await status(open)]).toEqual(['superseded', 'superseded']);
    expect(told(await say(open, 'approve', approver('ann')))).toEqual([422, 'INVALID_STATE']);
    await gateway.call('DELETE', `/agents/${agent}`);
    const again = await gateway.call('POST', `/agents/${agent}/elevations`, ASKED, developer());
    expect(told(again)).toEqual([422, 'INVALID_STATE']);
  });

  it.each([
    [{ privilege_level: 2 }, 'privilege_level'],
    [{ privilege_level: 5 }, 'privilege_level'],
    [{ privilege_level: 6 }, 'privilege_level'],
    [{ seconds: 59 }, 'seconds'],
    [{ seconds: 28_801 }, 'seconds'],
    [{ reason: '' }, 'reason'],
    [{ reason: 'a\u0000' }, 'reason'],
    [{ granted: true }, 'granted'],
  ])('that are asked for with %j are none', async (body, field) => {
    const answer = await gateway.call('POST', `/agents/${await anAgent()}/elevations`, { ...ASKED, ...body });
    expect(answer.status).toBe(400);
    const { fields } = (answer.body as { details: { fields: { field: string }[] } }).details;
    expect(fields.map((each) => each.field)).toContain(field);
  });

  it('of another tenant, or of another agent, do not exist', async () => {
    const path = await asked(await anAgent());
    const elsewhere = path.replace(/agents\/[^/]+/, `agents/${await anAgent()}`);
    const foreign = as('eve', 5, ['admin', 'approver'], randomUUID());
    const answers = [
      await gateway.call('GET', path, undefined, foreign),
      await say(path, 'approve', foreign),
      await say(path, 'reject', foreign),
      await gateway.call('DELETE', path, undefined, foreign),
      await gateway.call('GET', elsewhere),
      await say(elsewhere, 'approve', approver('ann')),
      await gateway.call('DELETE', elsewhere),
    ];
    expect(answers.map(told)).toEqual(answers.map(() => [404, 'NOT_FOUND']));
    expect(await status(path)).toBe('requested');
  });
});
