import { randomUUID } from 'node:crypto';
import type { NodeDefinition, WorkflowDefinition } from '@aumos/agf-domain';
import { AgentsRepository, DefinitionsRepository, TenantDb } from '@aumos/agf-persistence';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, type ListeningMonitor, startMonitor } from './support/listening-monitor.js';

let monitor: ListeningMonitor;
beforeAll(async () => {
  monitor = await startMonitor();
}, 120_000);
afterAll(() => monitor.close());

const [tenant, other] = [randomUUID(), randomUUID()];
const radius = (key: string, of = tenant): Promise<Answer> => monitor.call(of, 'GET', `/${key}/blast-radius`);

const flow = (name: string, node: object): WorkflowDefinition => ({
  schema: 'agf/workflow/v1',
  name,
  nodes: [{ id: 'work', ...node } as NodeDefinition, { id: 'instead', type: 'transform', set: {} }],
  edges: [
    { source: 'START', target: 'work' },
    { source: 'work', target: 'END' },
    { source: 'instead', target: 'END' },
  ],
});

async function publish(definition: WorkflowDefinition, of = tenant): Promise<string> {
  const version = { definition, content_hash: 'h', warnings: [], published_by: 'dev' };
  const db = monitor.app.get(TenantDb);
  const { name } = definition;
  const made = await db.run(of, () =>
    monitor.app.get(DefinitionsRepository).createWithVersion({ name, created_by: 'dev' }, version),
  );
  return made!.workflow.id;
}

describe('the blast radius of a breaker', () => {
  let leaf: string;
  beforeAll(async () => {
    leaf = await publish(flow('leaf', { type: 'tool', tool: 'csv_profile', arguments: {} }));
    await publish(flow('stops', { type: 'workflow', workflow: 'leaf', input: {} }));
    await publish(flow('contains', { type: 'workflow', workflow: 'leaf', input: {}, on_open: 'instead' }));
    await publish(flow('theirs', { type: 'tool', tool: 'csv_profile', arguments: {} }), other);
  });

  it('of a tool: what calls it stops, and with it its callers', async () => {
    const { status, body } = await radius('tool:csv_profile');
    expect(status).toBe(200);
    expect(body).toMatchObject({ key: 'tool:csv_profile', starts_refused: [], refused_below: [] });
    expect(body.workflows).toMatchObject([
      { workflow: 'leaf', depth: 0, effect: 'stops', nodes: [{ node: 'work', cause: 'tool', effect: 'fails' }] },
      { workflow: 'contains', depth: 1, effect: 'stops', nodes: [{ cause: 'child_failed', child: 'leaf' }] },
      { workflow: 'stops', depth: 1, effect: 'stops', nodes: [{ cause: 'child_failed', child: 'leaf' }] },
    ]);
  });

  it('of a workflow: who cannot start it goes on by its on_open, or stops', async () => {
    const { body } = await radius(`workflow:${leaf}`);
    expect(body.starts_refused).toEqual(['leaf']);
    expect(body.workflows).toMatchObject([
      { workflow: 'leaf', depth: 0, effect: 'stops' },
      { workflow: 'contains', depth: 1, effect: 'contained', nodes: [{ effect: 'handled', handler: 'instead' }] },
      { workflow: 'stops', depth: 1, effect: 'stops', nodes: [{ cause: 'child_refused', effect: 'fails' }] },
    ]);
  });

  it('of an agent: by its id, where definitions call it by its name', async () => {
    const agents = monitor.app.get(AgentsRepository);
    const spec = { name: 'writer', privilege_level: 2 as const, created_by: 'dev' };
    const agent = await monitor.app.get(TenantDb).run(tenant, () => agents.create(spec));
    await publish(flow('writes', { type: 'agent', agent: 'writer', input: {}, on_open: 'CONTINUE' }));
    const { body } = await radius(`agent:${agent!.id}`);
    expect(body.workflows).toMatchObject([
      { workflow: 'writes', effect: 'contained', nodes: [{ cause: 'agent', effect: 'continues' }] },
    ]);
  });

  it("shows nothing of another tenant's", async () => {
    expect((await radius(`workflow:${leaf}`, other)).status).toBe(404);
    const theirs = await radius('tool:csv_profile', other);
    expect(theirs.body.workflows).toMatchObject([{ workflow: 'theirs' }]);
  });

  it.each([
    ['a workflow that is not there', `workflow:${randomUUID()}`],
    ['an agent that is not there', `agent:${randomUUID()}`],
    ['what is no key', 'workflow:------------------------------------'],
    ['what is no key either', `tool:${encodeURIComponent("x'; --")}`],
  ])('of %s is not found', async (_, key) => {
    const { status, body } = await radius(key);
    expect([status, body.code]).toEqual([404, 'NOT_FOUND']);
  });

  it('of a tool that nobody calls is empty', async () => {
    expect((await radius('tool:nobody_calls_it')).body).toMatchObject({ starts_refused: [], workflows: [] });
  });
});
