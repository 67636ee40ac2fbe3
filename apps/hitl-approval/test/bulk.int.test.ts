import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApprovalsRepository, AuditRepository } from '@aumos/agf-persistence';
import { type Answer, type ListeningApprovals, startApprovals } from './support/listening-approvals.js';

describe('many decisions at once', () => {
  let service: ListeningApprovals;
  let tenant: string;
  beforeAll(async () => {
    service = await startApprovals();
  }, 120_000);
  afterAll(() => service.close());
  beforeEach(() => {
    tenant = randomUUID();
  });

  const claims = (sub: string, more: object = {}) => ({ sub, realm_access: { roles: ['approver'] }, ...more });
  const bulk = (decisions: unknown, sub = 'ann', more: object = {}): Promise<Answer> =>
    service.call(tenant, 'POST', '/bulk', { body: { decisions }, claims: claims(sub, more) });
  const row = (id: string) => service.db.run(tenant, () => service.app.get(ApprovalsRepository).get(id));
  const audited = async (): Promise<number> =>
    (await service.db.run(tenant, () => service.app.get(AuditRepository).head())).position;

  it('are taken one by one, and answered in their order', async () => {
    const payload_hash = 'a'.repeat(64);
    const [approved, rejected, edited, answered, counted] = await Promise.all([
      service.ask(tenant, { payload_hash }),
      service.ask(tenant),
      service.ask(tenant, { allowed_decisions: ['edit'] }),
      service.ask(tenant, { allowed_decisions: ['respond'] }),
      service.ask(tenant, { approvals_required: 2 }),
    ]);
    const { status, body } = await bulk([
      { id: counted, decision: 'approve' },
      { id: approved, decision: 'approve', notes: 'It is well.', payload_hash },
      { id: answered, decision: 'respond', result: null },
      { id: rejected, decision: 'reject' },
      { id: edited, decision: 'edit', arguments: { table: 'other' } },
    ]);
    expect([status, body]).toEqual([
      200,
      {
        results: [
          { id: counted, outcome: 'recorded', status: 'pending' },
          { id: approved, outcome: 'decided', status: 'approved' },
          { id: answered, outcome: 'decided', status: 'answered' },
          { id: rejected, outcome: 'decided', status: 'rejected' },
          { id: edited, outcome: 'decided', status: 'edited' },
        ],
      },
    ]);
    expect(await row(approved)).toMatchObject({ decided_by: 'ann', decision_notes: 'It is well.' });
    expect(await row(edited)).toMatchObject({ given: { table: 'other' } });
  });

  it('are refused one by one, and the others are taken', async () => {
    const [mine, over, low, typed, fine] = await Promise.all([
      service.ask(tenant, { requested_by: 'ann' }),
      service.ask(tenant),
      service.ask(tenant),
      service.ask(tenant, {
        allowed_decisions: ['edit'],
        input_schema: { type: 'object', properties: { table: { type: 'string' } } },
      }),
      service.ask(tenant),
    ]);
    await bulk([{ id: over, decision: 'reject' }], 'bob');
    const unknown = randomUUID();
    const { status, body } = await bulk([
      { id: mine, decision: 'approve' },
      { id: over, decision: 'approve' },
      { id: low, decision: 'approve', payload_hash: '0'.repeat(64) },
      { id: typed, decision: 'edit', arguments: { table: 7 } },
      { id: unknown, decision: 'approve' },
      { id: fine, decision: 'approve' },
    ]);
    expect(status).toBe(200);
    expect((body as { results: object[] }).results).toEqual([
      expect.objectContaining({ id: mine, outcome: 'refused', code: 'FORBIDDEN', details: { reason: 'requester' } }),
      expect.objectContaining({ id: over, outcome: 'refused', code: 'INVALID_STATE' }),
      expect.objectContaining({ id: low, outcome: 'refused', code: 'PAYLOAD_CHANGED' }),
      expect.objectContaining({ id: typed, outcome: 'refused', code: 'VALIDATION_ERROR', field: 'arguments.table' }),
      expect.objectContaining({ id: unknown, outcome: 'refused', code: 'NOT_FOUND' }),
      { id: fine, outcome: 'decided', status: 'approved' },
    ]);
    for (const id of [mine, low, typed]) expect(await row(id)).toMatchObject({ status: 'pending' });
  });

  it('touch nothing of another tenant', async () => {
    const id = await service.ask(tenant);
    const theirs = await service.call(randomUUID(), 'POST', '/bulk', {
      body: { decisions: [{ id, decision: 'approve' }] },
      claims: claims('ann'),
    });
    expect(theirs.body).toMatchObject({ results: [{ id, outcome: 'refused', code: 'NOT_FOUND' }] });
    expect(await row(id)).toMatchObject({ status: 'pending' });
  });

  it('of somebody who may not decide are denials, each in the audit', async () => {
    const ids = await Promise.all([service.ask(tenant), service.ask(tenant)]);
    const before = await audited();
    const { body } = await bulk(
      ids.map((id) => ({ id, decision: 'approve' })),
      'vic',
      { realm_access: { roles: ['viewer'] } },
    );
    expect((body as { results: { code: string }[] }).results.map(({ code }) => code)).toEqual([
      'FORBIDDEN',
      'FORBIDDEN',
    ]);
    expect((await audited()) - before).toBe(2);
  });

  it('sent again answer the same, and decide nothing anew', async () => {
    const [one, two, three, four] = await Promise.all([
      service.ask(tenant),
      service.ask(tenant, { approvals_required: 2 }),
      service.ask(tenant, { allowed_decisions: ['edit'] }),
      service.ask(tenant, { allowed_decisions: ['respond'] }),
    ]);
    const decisions = [
      { id: one, decision: 'approve' },
      { id: two, decision: 'approve' },
      { id: three, decision: 'edit', arguments: { b: 1, a: 2 } },
      { id: four, decision: 'respond', result: { b: 1, a: 2 } },
    ];
    const first = await bulk(decisions);
    const before = await audited();
    const again = await bulk([
      ...decisions.slice(0, 2),
      { id: three, decision: 'edit', arguments: { a: 2, b: 1 } },
      ...decisions.slice(3),
    ]);
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(await audited()).toBe(before);
    const otherwise = await bulk([
      { id: one, decision: 'reject' },
      { id: two, decision: 'reject' },
      { id: three, decision: 'edit', arguments: { a: 3 } },
      { id: four, decision: 'respond', result: null },
    ]);
    expect((otherwise.body as { results: { code: string }[] }).results.map(({ code }) => code)).toEqual([
      'INVALID_STATE',
      'CONFLICT',
      'INVALID_STATE',
      'INVALID_STATE',
    ]);
  });

  it.each<[string, unknown, string]>([
    ['none', [], 'decisions'],
    ['no list', 'x', 'decisions'],
    ['a null', [null], 'decisions[0]'],
    ['more than 500', Array.from({ length: 501 }, () => ({ id: randomUUID(), decision: 'approve' })), 'decisions'],
    ['no id', [{ decision: 'approve' }], 'decisions[0].id'],
    ['a word that is no decision', [{ id: randomUUID(), decision: 'agree' }], 'decisions[0].decision'],
    ['an edit of nothing', [{ id: randomUUID(), decision: 'edit' }], 'decisions[0].arguments'],
    ['an answer of nothing', [{ id: randomUUID(), decision: 'respond' }], 'decisions[0].result'],
    ['arguments of an approval', [{ id: randomUUID(), decision: 'approve', arguments: {} }], 'decisions[0].arguments'],
    ['what nobody knows', [{ id: randomUUID(), decision: 'approve', more: 1 }], 'decisions[0].more'],
  ])('are refused as a whole: %s', async (_what, decisions, field) => {
    const { status, body } = await bulk(decisions);
    expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect((body as { details: { fields: { field: string }[] } }).details.fields.map((one) => one.field)).toContain(
      field,
    );
  });

  it('are refused as a whole where an approval comes twice', async () => {
    const id = await service.ask(tenant);
    const { status } = await bulk([
      { id, decision: 'approve' },
      { id, decision: 'reject' },
    ]);
    expect(status).toBe(400);
    expect(await row(id)).toMatchObject({ status: 'pending' });
  });
});
