import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { eventually, RedisProxy } from '@aumos/agf-testing';
import { BreakerGuard } from '@aumos/agf-resilience';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { metrics as sdk } from '@opentelemetry/sdk-node';
import { Redis } from 'ioredis';
import { parse } from 'yaml';
import { type ListeningMonitor, startMonitor } from './support/listening-monitor.js';
import { TenantBreakers } from './support/tenant-breakers.js';

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; description: string };
}
interface Dashboard {
  uid: string;
  panels: {
    id: number;
    title: string;
    gridPos: { x: number; y: number; w: number; h: number };
    targets: { expr: string }[];
  }[];
}

const MONITORING = path.resolve(import.meta.dirname, '../../../infra/helm/circuit-breaker-monitor/monitoring');
const read = (name: string): Promise<string> => readFile(path.join(MONITORING, name), 'utf8');
/** Names and labels as a query names them: `name{label="value"}`, `by (label)`. */
const namesIn = (expr: string): string[] => expr.match(/\bagf_\w+/g) ?? [];
const labelsIn = (expr: string): string[] => [
  ...[...expr.matchAll(/[{,]\s*(\w+)=~?"/g)].map(([, label]) => label!),
  ...[...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, labels]) => labels!.split(',').map((label) => label.trim())),
];

describe('metrics', () => {
  let monitor: ListeningMonitor;
  let exporter: PrometheusExporter;
  let scraped: string;
  const scrape = async (): Promise<string> => {
    const { resourceMetrics, errors } = await exporter.collect();
    expect(errors).toEqual([]);
    return new PrometheusSerializer().serialize(resourceMetrics);
  };
  beforeAll(async () => {
    exporter = new PrometheusExporter({ preventServerStart: true });
    metrics.setGlobalMeterProvider(new sdk.MeterProvider({ readers: [exporter] }));
    monitor = await startMonitor();
    await happen();
    scraped = await eventually(async () => {
      const text = await scrape();
      return /agf_breaker_rescans_total\{.*ok="true"/.test(text) ? text : undefined;
    }, 'the first comparison');
  }, 120_000);
  afterAll(async () => {
    metrics.disable();
    await monitor.close();
    await exporter.shutdown();
  });

  /** One of everything that is measured. */
  async function happen(): Promise<void> {
    const tenant = new TenantBreakers(monitor);
    await tenant.open('tool:a');
    await monitor.call(tenant.id, 'POST', '/tool:csv_read/isolate', { body: { reason: 'r' } });
    await eventually(async () => (await tenant.rows()).length === 2, 'the history');
    const proxy = await RedisProxy.before(monitor.env['AUMOS_AGF_REDIS_URL']!);
    const redis = new Redis(proxy.url, { maxRetriesPerRequest: 0, retryStrategy: () => null });
    redis.on('error', () => undefined);
    const guard = new BreakerGuard(redis);
    const admission = await guard.acquire(tenant.id, tenant.chain('tool:b'), { level: 1 });
    proxy.cut();
    if (admission.admitted) await guard.report(tenant.id, admission.permit, 'failure');
    await guard.acquire(tenant.id, tenant.chain('tool:b'), { level: 1 });
    redis.disconnect();
    await proxy.close();
  }

  it('say how many breakers are not closed, and how many are isolated', () => {
    expect(scraped).toMatch(/^agf_breaker_unclosed\{.*state="open".*kind="tool".*\} 2$/m);
    expect(scraped).toMatch(/^agf_breaker_isolated(\{.*\})? 1$/m);
    expect(scraped).toMatch(/^agf_breaker_transitions_total\{.*to="open".*reason="failure_threshold".*\} 1$/m);
    expect(scraped).toMatch(/^agf_breaker_record_delay_seconds_count(\{.*\})? 2$/m);
  });

  it('name no tenant and no breaker', () => {
    expect(scraped).not.toMatch(/tool:a|csv_read|[0-9a-f]{8}-[0-9a-f]{4}/);
  });

  const isMeasured = (expr: string): void => {
    expect(namesIn(expr).length).toBeGreaterThan(0);
    for (const name of namesIn(expr)) expect(scraped).toMatch(new RegExp(`^${name}(\\{| )`, 'm'));
    const labels = new Set([...scraped.matchAll(/(\w+)="/g)].map(([, label]) => label));
    for (const label of labelsIn(expr)) expect(labels).toContain(label);
  };

  it('are what every alert asks for', async () => {
    const { groups } = parse(await read('alerts.yaml')) as { groups: { name: string; rules: Rule[] }[] };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(5);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const rule of rules) {
      isMeasured(rule.expr);
      expect(['warning', 'critical']).toContain(rule.labels.severity);
      expect(rule.for ?? '1m').toMatch(/^\d+m$/);
      expect(rule.annotations.summary && rule.annotations.description).toBeTruthy();
    }
  });

  it('are what every panel of the dashboard shows, and none covers another', async () => {
    const { panels } = JSON.parse(await read('dashboard.json')) as Dashboard;
    expect(panels.length).toBeGreaterThan(5);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { targets } of panels) for (const { expr } of targets) isMeasured(expr);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${String(x + (i % w))} ${String(y + Math.floor(i / w))}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  });

  it('would not be found under another name', () => {
    expect(() => isMeasured('rate(agf_breaker_nothing_total[5m])')).toThrow();
    expect(() => isMeasured('sum by (tenant) (agf_breaker_isolated)')).toThrow();
  });
});
