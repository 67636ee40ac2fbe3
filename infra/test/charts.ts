import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';

const run = promisify(execFile);
const infra = path.resolve(import.meta.dirname, '..');
const cache = path.resolve(infra, '..', '.agf', 'cache', 'helm');

export interface KubernetesObject {
  kind: string;
  metadata: { name: string };
  spec: Record<string, never>;
}
export interface Chart {
  name: string;
  ok: boolean;
  messages: string;
  objects: KubernetesObject[];
}

export const CHARTS = ['api-gateway', 'execution-worker', 'hitl-approval', 'circuit-breaker-monitor', 'migrations'];

/** Helm as a library from Maven Central: a machine without the helm command lints and renders the same. */
async function helmLibrary(): Promise<string> {
  const jars = path.join(cache, 'jars');
  const there = await stat(jars).then(
    () => readdir(jars),
    () => [],
  );
  if (!there.some((f) => f.startsWith('helm-java-0.0.21'))) {
    await run('mvn', [
      '-B',
      '-q',
      '-ntp',
      '-f',
      path.join(infra, 'check', 'pom.xml'),
      `-Dmaven.repo.local=${path.join(cache, 'm2')}`,
      'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies',
      `-DoutputDirectory=${jars}`,
    ]);
  }
  return path.join(jars, '*');
}

/** Lints (strict) and renders charts, with their default values but for those after a comma: `name,key=value`. */
export async function renderCharts(charts: readonly string[] = CHARTS): Promise<Chart[]> {
  const dir = await mkdtemp(path.join(tmpdir(), 'agf-charts-'));
  try {
    await cp(path.join(infra, 'helm'), dir, { recursive: true });
    const { stdout } = await run(
      'java',
      ['-cp', await helmLibrary(), path.join(infra, 'check', 'RenderCharts.java'), dir, ...charts],
      { maxBuffer: 16 * 1024 * 1024 },
    );
    return stdout
      .trim()
      .split('\n')
      .map((line) => {
        const [name = '', verdict, messages = '', manifest = ''] = line.split(' ');
        const text = Buffer.from(manifest, 'base64').toString();
        const objects = parseAllDocuments(text)
          .map((d) => d.toJS() as KubernetesObject | null)
          .filter((o) => o !== null);
        return { name, ok: verdict === 'ok', messages: Buffer.from(messages, 'base64').toString(), objects };
      });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
