import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditRepository, ExecutionsRepository, QuotaRepository, TenantDb } from '@aumos/agf-persistence';
import { BreakerGuard } from '@aumos/agf-resilience';
import { anExecution, FAILED, publish } from './support/executions.js';
import { type Answer, type CallOptions, type Gateway, startGateway } from './support/gateway.js';

let gateway: Gateway;
let workflow: string;
beforeAll(async () => {
  gateway = await startGateway();
  workflow = await publish(gateway);
}, 120_000);
afterAll(() => gateway.close());

type Way = 'retry' | 'fork' | 'replay';
const anew = (way: Way, id: string, body?: object, options?: CallOptions): Promise<Answer> =>
  gateway.call('POST', `/executions/${id}/${way}`, body, options);
const row = (id: string) =>
  gateway.app.get(TenantDb).run(gateway.tenant, () => gateway.app.get(ExecutionsRepository).get(id));
const usage = () => gateway.app.get(TenantDb).run(gateway.tenant, () => gateway.app.get(QuotaRepository).usage());

describe('an execution made of another one', () => {
  it('is a new one with a place, a slot and an initiator of its own, and the audit log says so', async () => {
    const of = await anExecution(gateway, workflow, { status: 'failed' });
    const before = await usage();
    const claims = { sub: 'somebody-else', privilege_level: 2 };
    const { status, headers, body } = await anew('retry', of, undefined, { claims });
    expect([status, headers.get('location')]).toEqual([202, `/api/v1/executions/${String(body.id)}`]);
    expect(body).toMatchObject({
      status: 'pending',
      workflow_id: workflow,
      workflow_version: 1,
      input_data: { n: 1 },
      initiator: 'somebody-else',
      origin: { kind: 'retry', execution_id: of, node: 'load', visit: 2 },
    });
    expect(body.id).not.toBe(of);
    expect((await row(body.id as string))?.initiator_level).toBe(2);
    expect((await usage()).in_use).toBe(before.in_use + 1);
    const audit = gateway.app.get(AuditRepository);
    const { items } = await gateway.app.get(TenantDb).run(gateway.tenant, () => audit.list());
    expect(items[0]).toMatchObject({
      actor_id: 'somebody-else',
      action: 'execution.retry',
      resource_id: of,
      details: { execution_id: body.id, node: 'load', visit: 2 },
    });
    const read = await gateway.call('GET', `/executions/${String(body.id)}`);
    expect(read.body.origin).toEqual(body.origin);
    expect((await gateway.call('GET', `/executions/${of}`)).body.origin).toBeNull();
  });

  it.each(['retry', 'fork', 'replay'] as const)('%s under the same Idempotency-Key is the same one', async (way) => {
    const of = await anExecution(gateway, workflow, { status: 'failed' });
    const options = { headers: { 'idempotency-key': randomUUID() } };
    const first = await anew(way, of, { ...(way === 'fork' ? { node: 'load' } : {}) }, options);
    const again = await anew(way, of, { ...(way === 'fork' ? { node: 'load' } : {}) }, options);
    expect([first.status, again.status, again.body.id]).toEqual([202, 202, first.body.id]);
    const other = way === 'replay' ? { override_input: { n: 2 } } : { node: 'first' };
    const reused = await anew(way, of, other, options);
    expect([reused.status, reused.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    // The key is for this execution: of another one it makes another one.
    const elsewhere = await anExecution(gateway, workflow, { status: 'failed' });
    const fresh = await anew(way, elsewhere, { ...(way === 'fork' ? { node: 'load' } : {}) }, options);
    expect(fresh.body.id).not.toBe(first.body.id);
  });

  it.each(['retry', 'fork', 'replay'] as const)('%s by who may not → 403; of another tenant → 404', async (way) => {
    const of = await anExecution(gateway, workflow, { status: 'failed' });
    const body = way === 'fork' ? { node: 'load' } : {};
    const viewer = await anew(way, of, body, {
      claims: { realm_access: { roles: ['viewer', 'approver', 'auditor'] } },
    });
    expect([viewer.status, viewer.body.code]).toEqual([403, 'FORBIDDEN']);
    const theirs = await anew(way, of, body, { claims: { tenant_id: randomUUID() } });
    expect([theirs.status, theirs.body.code]).toEqual([404, 'NOT_FOUND']);
    expect((await anew(way, randomUUID(), body)).status).toBe(404);
  });

  it.each(['retry', 'fork', 'replay'] as const)('%s under an open breaker → 503', async (way) => {
    const own = await publish(gateway);
    const of = await anExecution(gateway, own, { status: 'failed' });
    const guard = gateway.app.get(BreakerGuard);
    const config = { failure_threshold: 1, reset_timeout_seconds: 60, half_open_max_calls: 1, window_seconds: 60 };
    const link = { key: `workflow:${own}` as const, mode: 'count' as const, config };
    const admitted = await guard.acquire(gateway.tenant, [link], { level: 1, lease_ms: 60_000 });
    if (!admitted.admitted) throw new Error('open before');
    await guard.report(gateway.tenant, admitted.permit, 'failure');
    const refused = await anew(way, of, way === 'fork' ? { node: 'load' } : {});
    expect([refused.status, refused.body.code]).toEqual([503, 'CIRCUIT_OPEN']);
    expect(refused.headers.get('retry-after')).not.toBeNull();
  });

  it.each(['retry', 'fork'] as const)('%s of one whose steps were not recorded → 422', async (way) => {
    const of = await anExecution(gateway, workflow, { status: 'failed', steps: [] });
    const { status, body } = await anew(way, of, way === 'fork' ? { node: 'load' } : {});
    expect([status, body.code]).toEqual([422, 'NO_CHECKPOINTS']);
    expect((await anew('replay', of)).status).toBe(202);
  });
});

describe('a retry', () => {
  it('begins with the last step: at the visit that failed, or at the named node’s', async () => {
    const of = await anExecution(gateway, workflow, { status: 'failed' });
    expect(await row((await anew('retry', of)).body.id as string)).toMatchObject({
      origin_kind: 'retry',
      origin_step: 2,
      origin_node: 'load',
      origin_visit: 2,
    });
    const named = await anew('retry', of, { node: 'first' });
    expect(await row(named.body.id as string)).toMatchObject({
      origin_step: 1,
      origin_node: 'first',
      origin_visit: null,
    });
    expect(named.body.origin).toMatchObject({ node: 'first', visit: null });
  });

  it('of a cancelled one is for no visit in particular', async () => {
    const error = { ...FAILED, code: 'CANCELLED', node: null, visit: null };
    const of = await anExecution(gateway, workflow, { status: 'cancelled', error });
    expect((await anew('retry', of)).body.origin).toMatchObject({ node: null, visit: null });
  });

  it.each(['completed', 'running'] as const)('of one that is %s → 422', async (state) => {
    const of = await anExecution(gateway, workflow, { status: state });
    const { status, body } = await anew('retry', of);
    expect([status, body.code, body.details.status]).toEqual([422, 'INVALID_STATE', state]);
  });

  it.each([
    [{ node: 'other' }, 422, 'NO_SUCH_VISIT'],
    [{ node: '' }, 400, 'VALIDATION_ERROR'],
    [{ node: '\u0000' }, 400, 'VALIDATION_ERROR'],
    [{ node: 5 }, 400, 'VALIDATION_ERROR'],
    [{ visit: 1 }, 400, 'VALIDATION_ERROR'],
  ])('%j → %i %s', async (asked, status, code) => {
    const of = await anExecution(gateway, workflow, { status: 'failed' });
    const answer = await anew('retry', of, asked);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});

describe('a fork', () => {
  it('begins with the step of the node’s last visit, or of that which is named, with other state', async () => {
    const of = await anExecution(gateway, workflow, { status: 'running' });
    const last = await anew('fork', of, { node: 'load', state: { n: 9, log: ['z'], error: null } });
    expect(last.status).toBe(202);
    expect(last.body.origin).toEqual({ kind: 'fork', execution_id: of, node: 'load', visit: 2 });
    expect(await row(last.body.id as string)).toMatchObject({
      origin_step: 2,
      origin_state: { n: 9, log: ['z'], error: null },
    });
    const named = await anew('fork', of, { node: 'load', visit: 1 });
    expect(await row(named.body.id as string)).toMatchObject({ origin_visit: 1, origin_state: null });
  });

  it.each([
    [{ node: 'load', visit: 3 }, 422, 'NO_SUCH_VISIT', 'visit'],
    [{ node: 'other' }, 422, 'NO_SUCH_VISIT', 'node'],
    [{ node: 'load', state: { other: 1 } }, 422, 'UNKNOWN_CHANNEL', 'state.other'],
    [{ node: 'load', state: { n: 'x' } }, 422, 'STATE_SCHEMA', 'state.n'],
    [{ node: 'load', state: { log: 'x' } }, 422, 'STATE_SCHEMA', 'state.log'],
    [{ node: 'load', state: [] }, 400, 'VALIDATION_ERROR', 'state'],
    [{ node: 'load', visit: 0 }, 400, 'VALIDATION_ERROR', 'visit'],
    [{}, 400, 'VALIDATION_ERROR', 'node'],
  ])('%j → %i %s', async (asked, status, code, field) => {
    const of = await anExecution(gateway, workflow, { status: 'failed' });
    const { body, ...answer } = await anew('fork', of, asked);
    expect([answer.status, body.code, body.details.fields[0].field]).toEqual([status, code, field]);
  });
});

describe('a replay', () => {
  it('has the same input, or the one it is given, also null where that fits', async () => {
    const of = await anExecution(gateway, workflow, { input: { n: 5 } });
    expect((await anew('replay', of)).body).toMatchObject({
      input_data: { n: 5 },
      origin: { kind: 'replay', execution_id: of, node: null, visit: null },
    });
    expect((await anew('replay', of, { override_input: { n: 6 } })).body.input_data).toEqual({ n: 6 });
  });

  it('refuses an input that does not fit, naming its own member', async () => {
    const of = await anExecution(gateway, workflow);
    for (const override_input of [null, { n: 'x' }]) {
      const { status, body } = await anew('replay', of, { override_input });
      expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR']);
      expect(body.details.fields[0].field).toMatch(/^override_input/);
    }
  });
});
