import { randomUUID } from 'node:crypto';
import { AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, type ListeningMonitor, startMonitor } from './support/listening-monitor.js';

let monitor: ListeningMonitor;
beforeAll(async () => {
  monitor = await startMonitor({ AUMOS_AGF_CIRCUIT_BREAKER_FAILURE_THRESHOLD: '7' });
}, 120_000);
afterAll(() => monitor.close());

const PLATFORM = {
  failure_threshold: 7,
  window_seconds: 60,
  reset_timeout_seconds: 60,
  half_open_max_calls: 3,
  minimum_calls: 20,
};
const OWN = {
  failure_threshold: 3,
  failure_rate: 0.5,
  slow_call_rate: 0.25,
  slow_call_seconds: 1.5,
  minimum_calls: 10,
  window_seconds: 30,
  reset_timeout_seconds: 5,
  half_open_max_calls: 2,
  ignored_errors: ['LATE'],
};

describe("a tenant's settings of breakers", () => {
  const get = (tenant: string, roles = ['viewer']): Promise<Answer> =>
    monitor.call(tenant, 'GET', '/settings', { claims: { realm_access: { roles } } });
  const put = (tenant: string, body: unknown, roles = ['admin']): Promise<Answer> =>
    monitor.call(tenant, 'PUT', '/settings', { body, claims: { realm_access: { roles }, sub: 'chief' } });
  const fieldsOf = ({ body }: Answer): unknown =>
    (body as { details: { fields: { field: string }[] } }).details.fields.map(({ field }) => field);

  it("are the platform's until they are set, and again where they are left out", async () => {
    const tenant = randomUUID();
    const none = { settings: {}, effective: PLATFORM, updated_by: null, updated_at: null };
    expect(await get(tenant)).toEqual({ status: 200, body: none });
    const set = await put(tenant, OWN);
    expect(set).toMatchObject({ status: 200, body: { settings: OWN, effective: OWN, updated_by: 'chief' } });
    expect(await get(tenant)).toEqual(set);
    const less = await put(tenant, { reset_timeout_seconds: 9 });
    expect(less.body).toMatchObject({ settings: { reset_timeout_seconds: 9 } });
    expect((less.body as { effective: unknown }).effective).toEqual({ ...PLATFORM, reset_timeout_seconds: 9 });
    expect((await put(tenant, {})).body).toMatchObject({ settings: {}, effective: PLATFORM });
  });

  it('are audited, with what they were', async () => {
    const tenant = randomUUID();
    await put(tenant, OWN);
    await put(tenant, { failure_threshold: 1 });
    const log = await monitor.app.get(TenantDb).run(tenant, () => monitor.app.get(AuditRepository).list());
    expect(log.items).toMatchObject([
      {
        action: 'breaker_settings.replace',
        actor_id: 'chief',
        resource_type: 'breaker_settings',
        outcome: 'allowed',
        details: { settings: { failure_threshold: 1 }, before: OWN },
      },
      { details: { settings: OWN, before: {} } },
    ]);
  });

  it('are nobody else’s, and written by admins alone', async () => {
    const [tenant, other] = [randomUUID(), randomUUID()];
    await put(tenant, OWN);
    expect((await get(other)).body).toMatchObject({ settings: {}, effective: PLATFORM });
    await put(other, { failure_threshold: 1 });
    expect((await get(tenant)).body).toMatchObject({ settings: OWN });
    const refused = await put(tenant, {}, ['developer', 'operator', 'approver', 'auditor', 'viewer']);
    expect([refused.status, refused.body.code]).toEqual([403, 'FORBIDDEN']);
    expect((await get(tenant)).body).toMatchObject({ settings: OWN });
  });

  it.each([
    [{ failure_threshold: 0 }, 'failure_threshold'],
    [{ failure_threshold: '5' }, 'failure_threshold'],
    [{ failure_rate: 0 }, 'failure_rate'],
    [{ failure_rate: 1.5 }, 'failure_rate'],
    [{ slow_call_rate: 0.5 }, 'slow_call_rate'],
    [{ slow_call_seconds: -1 }, 'slow_call_seconds'],
    [{ minimum_calls: 1.5 }, 'minimum_calls'],
    [{ window_seconds: 86_401 }, 'window_seconds'],
    [{ reset_timeout_seconds: null }, 'reset_timeout_seconds'],
    [{ half_open_max_calls: 0 }, 'half_open_max_calls'],
    [{ ignored_errors: 'LATE' }, 'ignored_errors'],
    [{ ignored_errors: [''] }, 'ignored_errors.0'],
    [{ ignored_errors: ['a\u0000'] }, 'ignored_errors.0'],
    [{ threshold: 5 }, 'threshold'],
  ])('that are %j are none', async (body, field) => {
    const tenant = randomUUID();
    const answer = await put(tenant, body);
    expect([answer.status, answer.body.code, fieldsOf(answer)]).toEqual([400, 'VALIDATION_ERROR', [field]]);
    expect((await get(tenant)).body).toMatchObject({ settings: {} });
  });
});
