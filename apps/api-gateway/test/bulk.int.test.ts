import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { anExecution, publish } from './support/executions.js';
import { type Answer, type CallOptions, type Gateway, startGateway } from './support/gateway.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ AUMOS_AGF_MAX_CONCURRENT_WORKFLOWS: '1000' });
}, 120_000);
afterAll(() => gateway.close());

const bulk = (way: 'cancel' | 'retry', body: object, options?: CallOptions): Promise<Answer> =>
  gateway.call('POST', `/executions/bulk/${way}`, body, options);
const of = async (workflow_id: string): Promise<{ id: string; cancel_requested: boolean; origin: unknown }[]> =>
  (await gateway.call('GET', `/executions?workflow_id=${workflow_id}&page_size=100`)).body.items as never;

/** Two that run, two that failed (one without steps), one completed. */
async function five(): Promise<{ workflow_id: string; running: string[]; failed: string; older: string }> {
  const workflow_id = await publish(gateway);
  const running = [
    await anExecution(gateway, workflow_id, { status: 'running' }),
    await anExecution(gateway, workflow_id),
  ];
  const failed = await anExecution(gateway, workflow_id, { status: 'failed' });
  const older = await anExecution(gateway, workflow_id, { status: 'failed', steps: [] });
  await anExecution(gateway, workflow_id, { status: 'completed' });
  return { workflow_id, running, failed, older };
}

describe('a bulk cancel', () => {
  it('tells beforehand how many there are, and then cancels them and nothing else', async () => {
    const { workflow_id, running } = await five();
    const filter = { workflow_id };
    const preview = await bulk('cancel', { filter, dry_run: true });
    expect([preview.status, preview.body]).toEqual([200, { matches: 2, sample: running }]);
    expect((await of(workflow_id)).some((each) => each.cancel_requested)).toBe(false);
    const done = await bulk('cancel', { filter, expected_count: 2 });
    expect([done.status, done.body]).toEqual([202, { accepted: 2, refused: [] }]);
    const cancelled = (await of(workflow_id)).filter((each) => each.cancel_requested);
    expect(new Set(cancelled.map(({ id }) => id))).toEqual(new Set(running));
    const audit = gateway.app.get(AuditRepository);
    const { items } = await gateway.app.get(TenantDb).run(gateway.tenant, () => audit.list());
    expect(
      items
        .slice(0, 3)
        .map(({ action }) => action)
        .sort(),
    ).toEqual(['execution.bulk_cancel', 'execution.cancel', 'execution.cancel']);
  });

  it('does nothing when not as many match as were expected', async () => {
    const { workflow_id } = await five();
    const { status, body } = await bulk('cancel', { filter: { workflow_id }, expected_count: 3 });
    expect([status, body.code, body.details.matches]).toEqual([409, 'COUNT_DIFFERS', 2]);
    expect((await of(workflow_id)).some((each) => each.cancel_requested)).toBe(false);
  });

  it('takes the filters of the list', async () => {
    const { workflow_id } = await five();
    const matches = async (filter: object): Promise<number> =>
      (await bulk('cancel', { filter: { workflow_id, ...filter }, dry_run: true })).body.matches as number;
    expect(await matches({ status: 'running' })).toBe(1);
    expect(await matches({ status: 'completed' })).toBe(0);
    expect(await matches({ started_after: '2000-01-01T00:00:00Z' })).toBe(1);
    expect(await matches({ started_before: '2000-01-01T00:00:00Z' })).toBe(0);
  });

  it('does nothing to more than 1,000', async () => {
    const { workflow_id } = await five();
    const copies = `insert into agf_workflow_executions (tenant_id, workflow_id, workflow_version, status, input_data,
      temporal_workflow_id, initiator, initiator_level, correlation_id)
      select tenant_id, workflow_id, workflow_version, status, input_data, 'x', initiator, initiator_level, 'x'
      from agf_workflow_executions, generate_series(1, 999) where workflow_id = $1 and status = 'running'`;
    await gateway.app.get(TenantDb).run(gateway.tenant, (em) => em.query(copies, [workflow_id]));
    const { status, body } = await bulk('cancel', { filter: { workflow_id }, expected_count: 1001 });
    expect([status, body.code, body.details.matches]).toEqual([422, 'TOO_MANY_MATCHES', 1001]);
    const preview = await bulk('cancel', { filter: { workflow_id }, dry_run: true });
    expect([preview.status, preview.body.matches, preview.body.sample.length]).toEqual([200, 1001, 20]);
  });
});

describe('a bulk retry', () => {
  it('retries what failed, says what it could not, and under the same key does so once', async () => {
    const { workflow_id, failed, older } = await five();
    const options = { headers: { 'idempotency-key': randomUUID() } };
    const preview = await bulk('retry', { filter: { workflow_id }, dry_run: true });
    expect(preview.body).toEqual({ matches: 2, sample: [failed, older] });
    for (const _ of [1, 2]) {
      const { status, body } = await bulk('retry', { filter: { workflow_id } }, options);
      expect([status, body]).toEqual([
        202,
        { accepted: 1, refused: [{ execution_id: older, code: 'NO_CHECKPOINTS' }] },
      ]);
    }
    const made = (await of(workflow_id)).filter(({ origin }) => origin !== null);
    expect(made).toMatchObject([{ origin: { kind: 'retry', execution_id: failed } }]);
  });
});

describe.each(['cancel', 'retry'] as const)('a bulk %s', (way) => {
  it('reaches nothing of another tenant', async () => {
    const { workflow_id } = await five();
    const claims = { tenant_id: randomUUID() };
    for (const filter of [{ workflow_id }, {}]) {
      const { status, body } = await bulk(way, { filter }, { claims });
      expect([status, body]).toEqual([202, { accepted: 0, refused: [] }]);
    }
    expect((await of(workflow_id)).some((each) => each.cancel_requested || each.origin !== null)).toBe(false);
  });

  it('is for admins alone', async () => {
    const claims = { realm_access: { roles: ['developer', 'viewer', 'approver', 'auditor'] } };
    expect((await bulk(way, { filter: {} }, { claims })).status).toBe(403);
  });

  it.each([
    [{}, 'filter'],
    [{ filter: null }, 'filter'],
    [{ filter: [] }, 'filter'],
    [{ filter: 'all' }, 'filter'],
    [{ filter: { other: 1 } }, 'filter.other'],
    [{ filter: { status: 'x' } }, 'filter.status'],
    [{ filter: { workflow_id: 'x' } }, 'filter.workflow_id'],
    [{ filter: { started_after: 'x' } }, 'filter.started_after'],
    [{ filter: {}, dry_run: 'no' }, 'dry_run'],
    [{ filter: {}, expected_count: -1 }, 'expected_count'],
    [{ filter: {}, page: 1 }, 'page'],
  ])('%j → 400', async (asked, field) => {
    const { status, body } = await bulk(way, asked);
    expect([status, body.code, body.details.fields[0].field]).toEqual([400, 'VALIDATION_ERROR', field]);
  });
});
