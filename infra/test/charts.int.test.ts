import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { type Chart, CHARTS, renderCharts } from './charts.js';

interface Container {
  image: string;
  ports: { name: string; containerPort: number }[];
  env: { name: string; value?: string; valueFrom?: unknown }[];
  securityContext: Record<string, unknown>;
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  livenessProbe?: { httpGet: { path: string } };
  readinessProbe?: { httpGet: { path: string } };
}
interface PodTemplate {
  replicas?: number;
  selector: { matchLabels: Record<string, string> };
  template: {
    metadata: { labels: Record<string, string> };
    spec: { containers: Container[]; securityContext: Record<string, unknown> };
  };
}

const WITH_OLD = ['execution-worker', 'hitl-approval'].map(
  (name) => `${name},image.tag=1.3.0,oldVersions[0].tag=1.2.2_a,oldVersions[0].replicas=3,oldVersions[1].tag=1.1.0`,
);

const WITH_MONITORING = ['circuit-breaker-monitor,monitoring.rules=true,monitoring.dashboard=true'];

let charts: Chart[];
let withOld: Chart[];
let withMonitoring: Chart[];
let documented: string;

beforeAll(async () => {
  charts = await renderCharts();
  withOld = await renderCharts(WITH_OLD);
  withMonitoring = await renderCharts(WITH_MONITORING);
  documented = await readFile(path.resolve(import.meta.dirname, '../../docs/reference/settings.md'), 'utf8');
}, 300_000);

const podOf = (chart: Chart): PodTemplate['template']['spec'] => {
  const workload = chart.objects.find((o) => o.kind === 'Deployment' || o.kind === 'Job');
  return (workload?.spec as unknown as PodTemplate).template.spec;
};

describe.each(CHARTS)('chart %s', (name) => {
  const chart = (): Chart => charts.find((c) => c.name === name)!;

  it('is clean under a strict lint and renders', () => {
    expect([chart().ok, chart().messages.replaceAll('[INFO] Chart.yaml: icon is recommended', '').trim()]).toEqual([
      true,
      '',
    ]);
    expect(chart().objects.length).toBeGreaterThan(0);
  });

  it('runs as nobody special, within limits', () => {
    const pod = podOf(chart());
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true });
    for (const c of pod.containers) {
      expect(c.securityContext).toMatchObject({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true });
      expect(c.resources.limits['memory']).toBeDefined();
    }
  });

  it('names only settings that exist, and keeps secrets out of plain values', () => {
    for (const { env } of podOf(chart()).containers)
      for (const e of env) {
        expect(documented).toContain(`\`${e.name}\``);
        if (/_URL$/.test(e.name) && /DATABASE|REDIS/.test(e.name)) expect(e.valueFrom).toBeDefined();
      }
  });
});

it.each(CHARTS.filter((c) => c !== 'migrations'))('app %s is probed and survives a drain', (name) => {
  const chart = charts.find((c) => c.name === name)!;
  const [container] = podOf(chart).containers;
  expect(container?.livenessProbe?.httpGet.path).toBe('/live');
  expect(container?.readinessProbe?.httpGet.path).toBe('/ready');
  expect(chart.objects.map((o) => o.kind)).toEqual(
    expect.arrayContaining(['Deployment', 'Service', 'ServiceAccount', 'PodDisruptionBudget']),
  );
});

it.each(['execution-worker', 'hitl-approval'])('%s keeps the builds whose work has not ended', (name) => {
  const { ok, messages, objects } = withOld.find((each) => each.name === name)!;
  expect([ok, messages]).toEqual([true, expect.any(String)]);
  const specs = objects
    .filter(({ kind }) => kind === 'Deployment')
    .map((each) => ({ name: each.metadata.name, ...(each.spec as unknown as PodTemplate) }));
  expect(
    specs.map(({ name: deployment, replicas, template }) => {
      const [container] = template.spec.containers;
      const becomes = container?.env.find((each) => each.name === 'AUMOS_AGF_WORKER_BECOMES_CURRENT')?.value;
      return [deployment, replicas, container?.image.split(':')[1], becomes];
    }),
  ).toEqual([
    [`agf-${name}`, name === 'hitl-approval' ? 2 : undefined, '1.3.0', undefined],
    [`agf-${name}-old-1-2-2-a`, 3, '1.2.2_a', 'false'],
    [`agf-${name}-old-1-1-0`, 1, '1.1.0', 'false'],
  ]);
  // Each deployment, the service and the budget find their own pods alone.
  const names = specs.map(({ template, selector }) => {
    expect(template.metadata.labels).toMatchObject(selector.matchLabels);
    return selector.matchLabels['app.kubernetes.io/name'];
  });
  expect(new Set(names).size).toBe(3);
  const service = objects.find(({ kind }) => kind === 'Service')?.spec as unknown as {
    selector: Record<string, string>;
  };
  expect(service.selector['app.kubernetes.io/name']).toBe(names[0]);
});

it.each(CHARTS.filter((c) => c !== 'migrations'))('app %s shows its metrics inside of the cluster only', (name) => {
  const chart = charts.find((c) => c.name === name)!;
  const [container] = podOf(chart).containers;
  expect(container?.env).toContainEqual({ name: 'AUMOS_AGF_METRICS_PORT', value: '9464' });
  expect(container?.ports).toContainEqual({ name: 'metrics', containerPort: 9464 });
  const service = chart.objects.find(({ kind }) => kind === 'Service')?.spec as unknown as {
    ports: { name: string }[];
  };
  expect(service.ports.map((port) => port.name)).toEqual(['http']);
});

it('circuit-breaker-monitor brings its alerts and its dashboard, where they are wanted', async () => {
  const folder = path.resolve(import.meta.dirname, '../helm/circuit-breaker-monitor/monitoring');
  const [alerts, dashboard] = await Promise.all(
    ['alerts.yaml', 'dashboard.json'].map((file) => readFile(path.join(folder, file), 'utf8')),
  );
  const [{ ok, objects }] = withMonitoring as [Chart];
  expect(ok).toBe(true);
  expect(objects.find(({ kind }) => kind === 'PrometheusRule')?.spec).toEqual(parse(alerts!));
  const map = objects.find(({ kind }) => kind === 'ConfigMap') as unknown as { data: Record<string, string> };
  expect(JSON.parse(map.data['circuit-breakers.json']!)).toEqual(JSON.parse(dashboard!));
  const kinds = charts.find(({ name }) => name === 'circuit-breaker-monitor')!.objects.map(({ kind }) => kind);
  expect(kinds).not.toContain('PrometheusRule');
  expect(kinds).not.toContain('ConfigMap');
});
