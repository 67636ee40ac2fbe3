import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Chart, CHARTS, renderCharts } from './charts.js';

interface Container {
  env: { name: string; value?: string; valueFrom?: unknown }[];
  securityContext: Record<string, unknown>;
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  livenessProbe?: { httpGet: { path: string } };
  readinessProbe?: { httpGet: { path: string } };
}
interface PodTemplate {
  template: { spec: { containers: Container[]; securityContext: Record<string, unknown> } };
}

let charts: Chart[];
let documented: string;

beforeAll(async () => {
  charts = await renderCharts();
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
