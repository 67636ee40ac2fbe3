import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BreakerSettingsRepository, ExecutionsRepository, TenantDb } from '@aumos/agf-persistence';
import { BreakerGuard } from '@aumos/agf-resilience';
import { type Answer, type Gateway, startGateway } from './support/gateway.js';

const BREAKER = { failure_threshold: 1, reset_timeout_seconds: 60, half_open_max_calls: 1 };
const definition = (name: string, more: object = {}): object => ({
  schema: 'agf/workflow/v1',
  name,
  state: { n: {} },
  nodes: [{ id: 'set', type: 'transform', set: { n: { cel: 'input' } } }],
  edges: [
    { source: 'START', target: 'set' },
    { source: 'set', target: 'END' },
  ],
  output: { cel: 'state.n' },
  circuit_breaker: BREAKER,
  ...more,
});
/** Its threshold is under the definition's. */
const OWN_OF_TENANT = { failure_threshold: 9, failure_rate: 0.5, ignored_errors: ['LATE'] };
const STRICT = { input: { type: 'object', required: ['other'] } };

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ AUMOS_AGF_MAX_CONCURRENT_WORKFLOWS: '50' });
}, 120_000);
beforeEach(() => setLimit(50));
afterAll(() => gateway.close());

async function publish(): Promise<{ id: string; next: (more: object) => Promise<Answer> }> {
  const name = `flow-${randomUUID()}`;
  const made = await gateway.call('POST', '/workflows', { name, graph_definition: definition(name) });
  expect(made.status).toBe(201);
  const { id } = made.body as { id: string };
  const next = (more: object): Promise<Answer> =>
    gateway.call('POST', `/workflows/${id}/versions`, { graph_definition: definition(name, more) });
  return { id, next };
}
const execute = (workflow: string, body: object, key?: string): Promise<Answer> =>
  gateway.call('POST', `/workflows/${workflow}/execute`, body, key ? { headers: { 'idempotency-key': key } } : {});
const setLimit = (limit: number): Promise<unknown> =>
  gateway.app
    .get(TenantDb)
    .run(gateway.tenant, (em) => em.query('update agf_tenant_quotas set max_concurrent_workflows = $1', [limit]));

describe('a repeated Idempotency-Key', () => {
  const body = { input_data: { n: 1 } };
  const other = { input_data: { n: 2 } };
  const changes: [string, (workflow: Awaited<ReturnType<typeof publish>>) => Promise<unknown>, number][] = [
    ['a newer version takes other input', async ({ next }) => expect((await next(STRICT)).status).toBe(201), 400],
    [
      'the breaker has opened',
      async ({ id }) => {
        const guard = gateway.app.get(BreakerGuard);
        const config = { ...BREAKER, window_seconds: 60 };
        const link = { key: `workflow:${id}` as const, mode: 'count' as const, config };
        const admitted = await guard.acquire(gateway.tenant, [link], { level: 1, lease_ms: 60_000 });
        if (!admitted.admitted) throw new Error('the breaker was open before');
        await guard.report(gateway.tenant, admitted.permit, 'failure');
      },
      503,
    ],
    ['the quota is used up', () => setLimit(1), 429],
  ];

  it.each(changes)('answers what was accepted, though %s', async (_, change, refusal) => {
    const workflow = await publish();
    const key = randomUUID();
    const first = await execute(workflow.id, body, key);
    expect(first.status).toBe(202);
    await change(workflow);
    expect((await execute(workflow.id, body, randomUUID())).status).toBe(refusal);
    const again = await execute(workflow.id, body, key);
    expect([again.status, again.body.id]).toEqual([202, first.body.id]);
    expect(again.headers.get('location')).toBe(`/api/v1/executions/${String(first.body.id)}`);
    const reused = await execute(workflow.id, other, key);
    expect([reused.status, reused.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  it('is reused for another body also where that names a version that is not', async () => {
    const { id } = await publish();
    const key = randomUUID();
    expect((await execute(id, body, key)).status).toBe(202);
    const reused = await execute(id, { ...body, version: 99 }, key);
    expect([reused.status, reused.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  it('of a start that was refused counts for nothing', async () => {
    const { id } = await publish();
    const key = randomUUID();
    expect((await execute(id, { ...body, version: 99 }, key)).status).toBe(404);
    expect((await execute(id, body, key)).status).toBe(202);
  });
});

it("takes its permit under the definition's settings over its tenant's over the platform's", async () => {
  const { id } = await publish();
  const inTenant = <T>(body: () => Promise<T>): Promise<T> => gateway.app.get(TenantDb).run(gateway.tenant, body);
  await inTenant(() => gateway.app.get(BreakerSettingsRepository).put(OWN_OF_TENANT, 'boss'));
  const { body, status } = await execute(id, { input_data: 1 });
  expect(status).toBe(202);
  const row = await inTenant(() => gateway.app.get(ExecutionsRepository).get(String(body.id)));
  expect(row?.breaker_permit?.links).toMatchObject([
    {
      key: `workflow:${id}`,
      config: { ...BREAKER, failure_rate: 0.5, ignored_errors: ['LATE'], window_seconds: 60, minimum_calls: 20 },
    },
  ]);
  await inTenant(() => gateway.app.get(BreakerSettingsRepository).put({}, 'boss'));
});
