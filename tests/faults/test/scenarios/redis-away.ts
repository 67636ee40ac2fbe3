import {
  type Client,
  completed,
  type Definition,
  ended,
  loadWorkflow,
  OPEN_GATE,
  publish,
  start,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { as, system, world } from '../system.js';

interface Ready {
  status: string;
  components: Record<string, { status: string; message: string }>;
}

const edge = (source: string, target: string): object => ({ source, target });

const profile = (): Definition => ({
  schema: 'agf/workflow/v1',
  name: unique('profile'),
  state: { said: {} },
  nodes: [{ id: 'profile', type: 'tool', tool: 'csv_profile', arguments: { source: { cel: 'input.source' } } }],
  edges: [edge('START', 'profile'), edge('profile', 'END')],
});

/** Its input is valid, and it does nothing sensible with it. */
const failing = (): Definition => ({
  schema: 'agf/workflow/v1',
  name: unique('failing'),
  state: { x: {} },
  nodes: [{ id: 'fails', type: 'transform', set: { x: { cel: 'input.nothing' } } }],
  edges: [edge('START', 'fails'), edge('fails', 'END')],
  circuit_breaker: { failure_threshold: 2, reset_timeout_seconds: 600 },
});

const parent = (child: string): Definition => ({
  schema: 'agf/workflow/v1',
  name: unique('parent'),
  state: { said: { default: 'nothing' } },
  nodes: [
    { id: 'call', type: 'workflow', workflow: child, on_open: 'open', on_error: 'failed' },
    ...['open', 'failed'].map((id) => ({ id, type: 'transform', set: { said: { cel: 'state.error.code' } } })),
  ],
  edges: [edge('START', 'call'), ...['call', 'open', 'failed'].map((id) => edge(id, 'END'))],
  output: { cel: 'state.said' },
});

/** Redis is stopped while all the rest works. */
export function redisAway(): void {
  let developer: Client;
  let source: string;
  let low: string;
  let family: string;
  const table = unique('open_away');
  let risky: string;

  const ready = async (app: 'api-gateway' | 'execution-worker'): Promise<{ code: number; body: Ready }> => {
    const answer = await fetch(`${world().local.apps[app].url}/ready`);
    return { code: answer.status, body: (await answer.json()) as Ready };
  };

  beforeAll(async () => {
    developer = await as('acme-developer');
    source = await upload(developer, 'a,b\n1,2\n3,4\n');
    low = await publish(developer, profile());
    risky = await publish(developer, loadWorkflow({ table, gate: OPEN_GATE }));
    const child = failing();
    await publish(developer, child);
    family = await publish(developer, parent(child.name));
    await system().stopPart('redis');
  });
  afterAll(async () => {
    await system().startPart('redis');
  });

  it('lets starts and calls below level 3 go on', async () => {
    const id = await start(developer, low, { source });
    expect((await completed(developer, id)).status).toBe('completed');
  });

  it('refuses a call of level 3, and nothing is done', async () => {
    const row = await ended(developer, await start(developer, risky, { source }));
    expect(row).toMatchObject({
      status: 'failed',
      error_details: { code: 'CIRCUIT_OPEN', node: 'load', details: { circuit_key: 'tool:table_load' } },
    });
    expect(
      await world().rows('select from agf_node_visits where execution_id = $1 and status = $2', [row.id, 'completed']),
    ).toEqual([]);
  });

  it('still breaks in the process: a child that fails again and again is refused there', async () => {
    const said: unknown[] = [];
    for (let i = 0; i < 3; i++) said.push((await completed(developer, await start(developer, family, {}))).output_data);
    expect(said).toEqual(['CHILD_FAILED', 'CHILD_FAILED', 'CIRCUIT_OPEN']);
  });

  it.each(['api-gateway', 'execution-worker'] as const)('is said by %s, which stays ready', async (app) => {
    const { code, body } = await ready(app);
    expect([code, body.status]).toEqual([200, 'degraded']);
    expect(body.components['breakers']).toMatchObject({
      status: 'degraded',
      message: expect.stringMatching(/^Redis is away since .*: breakers of this process carry on/) as unknown,
    });
  });

  it('is over by itself when Redis is back', async () => {
    await system().startPart('redis');
    await eventually(
      async () => {
        const row = await ended(developer, await start(developer, risky, { source }));
        return row.status === 'completed';
      },
      'a call of level 3 to be let through',
      { timeoutMs: 60_000 },
    );
    expect(await world().count('acme', table)).toBe(2);
    for (const app of ['api-gateway', 'execution-worker'] as const)
      await eventually(
        async () => (await ready(app)).body.components['breakers']?.status === 'healthy',
        `${app} is well`,
      );
  });
}
