import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TENANTS } from '@aumos/agf-devstack';
import {
  type Client,
  completed,
  ended,
  loadWorkflow,
  publish,
  start,
  tracesOf,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { beforeAll, expect, it } from '@jest/globals';
import { as, world } from '../system.js';

const CLI = new URL('../../../../packages/devstack/dist/cli.js', import.meta.url).pathname;

let developer: Client;
let source: string;
let workflow: string;

export function privileges(): void {
  beforeAll(async () => {
    developer = await as('acme-developer');
    source = await upload(developer, 'a,b\n1,2\n');
    workflow = await publish(developer, loadWorkflow({ table: unique('denied'), node: { privilege_level: 4 } }));
  });

  it('lets a viewer look, and do nothing', async () => {
    const viewer = await as('acme-viewer');
    expect((await viewer.get(`/workflows/${workflow}`)).status).toBe(200);
    const answers = await Promise.all([
      viewer.post(`/workflows/${workflow}/execute`, { input_data: { source } }),
      viewer.post('/workflows', { name: 'x', graph_definition: {} }),
      viewer.post(`/workflows/${workflow}/versions`, { graph_definition: {} }),
      viewer.request('POST', '/artifacts?name=a.csv', { raw: { type: 'text/csv', body: 'a\n1\n' } }),
      viewer.request('DELETE', `/artifacts/${source.slice('artifact:'.length)}`),
    ]);
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(answers.map(() => [403, 'FORBIDDEN']));
  });

  it('denies a call above the level of who started it: a clear error, a trace, an audit row, and nobody is asked', async () => {
    const id = await start(developer, workflow, { source });
    const row = await ended(developer, id);
    expect(row).toMatchObject({
      status: 'failed',
      error_details: { code: 'PRIVILEGE_DENIED', node: 'load', details: { need: 4, effective: 3 } },
    });
    const traces = await tracesOf(developer, id);
    expect(traces).toMatchObject([
      { kind: 'privilege', name: 'table_load', node: 'load', attributes: { code: 'PRIVILEGE_DENIED', need: 4 } },
    ]);
    const audit = await world().rows<Record<string, unknown>>(
      `select actor_id, action, outcome, details from agf_audit_log where resource_id = $1`,
      [id],
    );
    expect(audit).toMatchObject([
      {
        actor_id: 'acme-developer',
        action: 'tool.call',
        outcome: 'denied',
        details: { tool: 'table_load', need: 4, effective: 3 },
      },
    ]);
    expect((await developer.get<{ total: number }>(`/hitl?execution_id=${id}`)).body.total).toBe(0);
  });

  it('are audited in a chain that a command verifies without the system, and its holes', async () => {
    const admin = await as('acme-admin');
    const exported = await admin.get<string>('/audit/export');
    const folder = mkdtempSync(join(tmpdir(), 'agf-audit-'));
    try {
      const [file, checkpoint] = [join(folder, 'audit.ndjson'), join(folder, 'checkpoint.json')];
      writeFileSync(checkpoint, exported.text.trimEnd().split('\n').at(-1)!);
      const verify = (text: string) => {
        writeFileSync(file, text);
        return spawnSync(process.execPath, [CLI, 'audit', 'verify', file, '--checkpoint', checkpoint]).status;
      };
      expect(verify(exported.text)).toBe(0);
      expect(verify(exported.text.replace('"outcome":"denied"', '"outcome":"allowed"'))).toBe(1);
      expect(verify(exported.text.slice(exported.text.indexOf('\n') + 1))).toBe(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect((await developer.get('/audit')).body.code).toBe('FORBIDDEN');
    const other = await (await as('globex-admin')).get('/audit/export');
    expect(other.text).not.toContain(TENANTS.acme);
  }, 120_000);

  it('is an error like others to the definition: on_error takes it', async () => {
    const more = {
      nodes: [
        {
          id: 'load',
          type: 'tool',
          tool: 'table_load',
          arguments: { source: { cel: 'input.source' }, table: 'never' },
          privilege_level: 5,
          on_error: 'say',
        },
        { id: 'say', type: 'transform', set: { notes: { cel: '[state.error.code]' } } },
      ],
      edges: [
        { source: 'START', target: 'load' },
        { source: 'load', target: 'END' },
        { source: 'say', target: 'END' },
      ],
    };
    const id = await start(developer, await publish(developer, loadWorkflow({ table: 'never', more })), { source });
    expect((await completed(developer, id)).output_data).toEqual({ loaded: null, notes: ['PRIVILEGE_DENIED'] });
  });
}
