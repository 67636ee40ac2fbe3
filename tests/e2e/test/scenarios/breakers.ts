import { TENANTS } from '@aumos/agf-devstack';
import {
  type Client,
  completed,
  type Definition,
  ended,
  loadWorkflow,
  OPEN_GATE,
  nodesOf,
  type Page,
  publish,
  start,
  type TappedEvent,
  tracesOf,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { as, events, world } from '../system.js';

interface Breaker {
  circuit_key: string;
  state: string;
  failure_count: number;
  retry_after_ms: number | null;
  history: { from_state: string; to_state: string; reason: string; epoch: number }[];
}

const SETTINGS = { failure_threshold: 2, reset_timeout_seconds: 2, half_open_max_calls: 1 };
const NO_TEXT = Uint8Array.from([0xff, 0xfe, 0x00]);
const WHERE = { source: { cel: 'input.source' } };

const profile = (more: Partial<Definition> = {}, node: object = {}): Definition => ({
  schema: 'agf/workflow/v1',
  name: unique('profile'),
  state: { said: { reducer: 'append' } },
  nodes: [{ id: 'profile', type: 'tool', tool: 'csv_profile', arguments: WHERE, ...node }],
  edges: [
    { source: 'START', target: 'profile' },
    { source: 'profile', target: 'END' },
  ],
  output: { cel: 'state.said' },
  ...more,
});

const breakerOf = async (client: Client, key: string): Promise<Breaker> =>
  client.must(200, client.get<Breaker>(`/circuit-breakers/${key}`));

/** The breaker's events, in order, once there are so many. */
async function toldOf(tenant: string, key: string, count: number): Promise<TappedEvent[]> {
  const mine = (): TappedEvent[] =>
    events().all.filter(({ event }) => event.tenant_id === tenant && event.aggregate_id === key);
  await eventually(() => mine().length >= count, `${String(count)} events of ${key}`);
  return mine().sort((a, b) => a.event.aggregate_version - b.event.aggregate_version);
}

export function breakers(): void {
  describe('of a workflow', ofWorkflow);
  describe('of a tool', ofTool);
  describe('of what is well', badData);
}

/** The first tenant's: more failures than open any breaker. */
function badData(): void {
  it("does not open for what callers give: neither the tool's nor the workflow's", async () => {
    const developer = await as('acme-developer');
    const table = unique('open_well');
    const loading = await publish(developer, loadWorkflow({ table, gate: OPEN_GATE }));
    const profiling = await publish(developer, profile({ circuit_breaker: SETTINGS }));
    const numbers = await upload(developer, 'n,name\n1,a\n');
    await completed(developer, await start(developer, loading, { source: numbers }));
    const bad = await Promise.all([
      ...['', NO_TEXT].map(async (content) => [profiling, await upload(developer, content)] as const),
      ...['n,name\nx,a\n', 'other\n1\n', 'n,name\n1\n', 'n,name\n1,a\0\n'].map(
        async (content) => [loading, await upload(developer, content)] as const,
      ),
    ]);
    const fresh = await publish(developer, loadWorkflow({ table: unique('open_ctid'), gate: OPEN_GATE }));
    const starts = [...bad, ...bad, ...bad, [fresh, await upload(developer, 'ctid\n1\n')] as const];
    const rows = await Promise.all(
      starts.map(async ([workflow, source]) => ended(developer, await start(developer, workflow, { source }))),
    );
    expect(new Set(rows.map(({ error_details }) => error_details?.code))).toEqual(
      new Set([
        'CSV_EMPTY',
        'NOT_UTF8',
        'TYPE_MISMATCH',
        'COLUMN_MISMATCH',
        'RAGGED_ROW',
        'NUL_IN_TEXT',
        'INVALID_IDENTIFIER',
      ]),
    );
    for (const row of rows) expect(row.error_details?.details).toMatchObject({ fault: 'caller' });
    await completed(developer, await start(developer, loading, { source: numbers }));
    await completed(developer, await start(developer, profiling, { source: numbers }));
    for (const key of ['tool:csv_profile', 'tool:table_load', `workflow:${loading}`, `workflow:${profiling}`]) {
      const answer = await developer.get<Breaker>(`/circuit-breakers/${key}`);
      if (answer.status !== 404)
        expect([key, answer.body.state, answer.body.failure_count]).toEqual([key, 'closed', 0]);
    }
  });
}

function ofWorkflow(): void {
  let developer: Client;
  let workflow: string;
  let key: string;
  let good: string;
  beforeAll(async () => {
    developer = await as('acme-developer');
    good = await upload(developer, 'a\n1\n');
    workflow = await publish(developer, profile({ circuit_breaker: SETTINGS }));
    key = `workflow:${workflow}`;
    // Input that its schema allows, and it does not cope with.
    for (let i = 0; i < SETTINGS.failure_threshold; i++) {
      const row = await ended(developer, await start(developer, workflow, {}));
      expect(row.error_details).toMatchObject({ code: 'EXPRESSION_ERROR', node: 'profile' });
    }
  });

  it('opens after its failures: starts are refused, and told when to come again', async () => {
    const open = await eventually(async () => {
      const breaker = await breakerOf(developer, key);
      return breaker.state === 'open' ? breaker : undefined;
    }, 'the breaker to open');
    expect(open).toMatchObject({ circuit_key: key, failure_count: 2, retry_after_ms: expect.any(Number) });
    const refused = await developer.post(`/workflows/${workflow}/execute`, { input_data: { source: good } });
    expect([refused.status, refused.body.code]).toEqual([503, 'CIRCUIT_OPEN']);
    expect(refused.body.details).toMatchObject({ circuit_key: key });
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThanOrEqual(1);
    expect(wait).toBeLessThanOrEqual(3);
    const listed = await developer.get<Page<Breaker>>('/circuit-breakers?state=open&page_size=100');
    expect(listed.body.items.map(({ circuit_key }) => circuit_key)).toContain(key);
    const { total } = (await developer.get<Page<unknown>>(`/executions?workflow_id=${workflow}`)).body;
    expect(total).toBe(2);
  });

  it('is history, and a fact on Kafka', async () => {
    const breaker = await eventually(async () => {
      const seen = await breakerOf(developer, key);
      return seen.history.length > 0 ? seen : undefined;
    }, 'the history');
    expect(breaker.history).toMatchObject([{ from_state: 'closed', to_state: 'open', reason: 'failure_threshold' }]);
    const [opened] = await toldOf(TENANTS.acme, key, 1);
    expect(opened).toMatchObject({ topic: 'agf.circuit_breaker.opened', key: `${TENANTS.acme}:breaker/${key}` });
    expect(opened?.event.data).toMatchObject({
      circuit_key: key,
      from_state: 'closed',
      to_state: 'open',
      failure_count: 2,
      trigger_reason: 'failure_threshold',
    });
  });

  it('lets a probe through after its reset time, and closes when that succeeds', async () => {
    const probe = await eventually(
      async () => {
        const answer = await developer.post<{ id: string }>(`/workflows/${workflow}/execute`, {
          input_data: { source: good },
        });
        expect([202, 503]).toContain(answer.status);
        return answer.status === 202 ? answer.body.id : undefined;
      },
      'the probe to be admitted',
      { everyMs: 200 },
    );
    await completed(developer, probe);
    const told = await toldOf(TENANTS.acme, key, 2);
    expect(told.map(({ topic }) => topic)).toEqual(['agf.circuit_breaker.opened', 'agf.circuit_breaker.closed']);
    expect(told.map(({ event }) => event.aggregate_version)).toEqual([1, 2]);
    const closed = await breakerOf(developer, key);
    expect(closed.state).toBe('closed');
    const changes = closed.history.map(({ from_state, to_state }) => `${from_state} → ${to_state}`);
    expect(changes).toEqual(['half_open → closed', 'open → half_open', 'closed → open']);
    const epochs = closed.history.map(({ epoch }) => epoch);
    expect(epochs).toEqual([...epochs].sort((a, b) => b - a));
    await completed(developer, await start(developer, workflow, { source: good }));
  });
}

/** Another tenant's, since it stays open for a minute. */
function ofTool(): void {
  let developer: Client;
  let good: string;
  const key = 'tool:csv_profile';
  beforeAll(async () => {
    developer = await as('globex-developer');
    good = await upload(developer, 'a\n1\n');
    // Lost by the store: this is nothing that a caller did.
    const bad = await upload(developer, 'a\n1\n');
    await world().rows('delete from agf_artifact_chunks where artifact_id = $1', [bad.slice('artifact:'.length)]);
    const each = profile({
      edges: [
        { source: 'START', target: 'profile', for_each: 'input.sources', on_item_error: 'collect' },
        { source: 'profile', target: 'END' },
      ],
      nodes: [
        {
          id: 'profile',
          type: 'tool',
          tool: 'csv_profile',
          arguments: { source: { cel: 'item' } },
          retry: { max_attempts: 1 },
          outputs: { said: '[result.rows]' },
        },
      ],
      output: { cel: 'state.errors.map(e, e.code)' },
    });
    const id = await start(developer, await publish(developer, each), { sources: [bad, bad, bad, bad, bad] });
    expect((await completed(developer, id)).output_data).toEqual(Array(5).fill('TOOL_FAILED'));
  });

  it('opens for its tenant, whichever workflow calls it', async () => {
    const id = await start(developer, await publish(developer, profile()), { source: good });
    const row = await ended(developer, id);
    expect(row.error_details).toMatchObject({ code: 'CIRCUIT_OPEN', node: 'profile', details: { circuit_key: key } });
    expect(await tracesOf(developer, id)).toMatchObject([{ kind: 'breaker', name: key }]);
    const [opened] = await toldOf(TENANTS.globex, key, 1);
    expect(opened?.event.data).toMatchObject({ circuit_key: key, to_state: 'open', failure_count: 5 });
  });

  it('is what on_open is for: another node, or on as if nothing had been', async () => {
    const extra = [
      { id: 'instead', type: 'transform', set: { said: { cel: "['instead of ' + state.error.code]" } } },
      { id: 'after', type: 'transform', set: { said: ['after'] } },
    ];
    const edges = [
      { source: 'START', target: 'profile' },
      { source: 'profile', target: 'after' },
      { source: 'after', target: 'END' },
      { source: 'instead', target: 'END' },
    ];
    const node = { id: 'profile', type: 'tool', tool: 'csv_profile', arguments: WHERE };
    const outputs = ['instead', 'CONTINUE'].map(async (on_open) => {
      const nodes = [{ ...node, on_open }, ...extra.slice(on_open === 'CONTINUE' ? 1 : 0)];
      const wired = on_open === 'CONTINUE' ? edges.slice(0, 3) : edges;
      const workflow = await publish(developer, profile({ nodes, edges: wired }));
      const id = await start(developer, workflow, { source: good });
      const { output_data } = await completed(developer, id);
      return { output_data, visited: (await nodesOf(developer, id)).map((visit) => `${visit.node} ${visit.status}`) };
    });
    expect(await Promise.all(outputs)).toEqual([
      { output_data: ['instead of CIRCUIT_OPEN'], visited: ['profile failed', 'instead completed'] },
      { output_data: ['after'], visited: ['profile failed', 'after completed'] },
    ]);
  });

  it('does not concern the other tenant', async () => {
    const acme = await as('acme-developer');
    const source = await upload(acme, 'a\n1\n');
    await completed(acme, await start(acme, await publish(acme, profile()), { source }));
  });
}
