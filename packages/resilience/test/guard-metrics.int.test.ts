import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually, RedisProxy, testStack } from '@aumos/agf-testing';
import { metrics } from '@opentelemetry/api';
import { metrics as sdk } from '@opentelemetry/sdk-node';
import { Redis } from 'ioredis';
import { BreakerGuard } from '../src/breaker-guard.js';
import { connect, counted, forget, tenant } from './redis.js';

const id = tenant();
const exporter = new sdk.InMemoryMetricExporter(sdk.AggregationTemporality.CUMULATIVE);
const reader = new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
const provider = new sdk.MeterProvider({ readers: [reader] });
let proxy: RedisProxy;
let redis: Redis;
let guard: BreakerGuard;

beforeAll(async () => {
  metrics.setGlobalMeterProvider(provider);
  proxy = await RedisProxy.before(testStack().redis);
  redis = new Redis(proxy.url, { retryStrategy: () => 20 });
  redis.on('error', () => undefined);
  guard = new BreakerGuard(redis, { retryRedisMs: 100 });
});
afterAll(async () => {
  redis.disconnect();
  await proxy.close();
  await provider.shutdown();
  metrics.disable();
  const direct = connect();
  await forget(direct, id);
  direct.disconnect();
});

/** The value of each of its series, by their attributes. */
async function seriesOf(name: string): Promise<Record<string, unknown>> {
  const { resourceMetrics } = await reader.collect();
  const all = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  const points = all.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
  return Object.fromEntries(points.map(({ attributes, value }) => [JSON.stringify(attributes), value]));
}
const call = async (level: 1 | 3): Promise<void> => {
  const admission = await guard.acquire(id, [counted('tool:x')], { level });
  if (admission.admitted) await guard.report(id, admission.permit, 'success');
};

it('tells in metrics what runs under breakers of the process, what is refused, and when that is over', async () => {
  await call(1);
  expect(await seriesOf('agf.breaker.in_process')).toEqual({ '{}': 0 });
  proxy.cut();
  await call(1);
  await call(3);
  expect(await seriesOf('agf.breaker.in_process')).toEqual({ '{}': 1 });
  expect(await seriesOf('agf.breaker.calls')).toEqual({
    '{"admitted":true,"degraded":false}': 1,
    '{"admitted":true,"degraded":true}': 1,
    '{"admitted":false,"degraded":true}': 1,
  });
  proxy.heal();
  await eventually(async () => (await guard.look()).redis === 'answering');
  expect(await seriesOf('agf.breaker.in_process')).toEqual({ '{}': 0 });
});
