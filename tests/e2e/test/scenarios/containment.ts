import {
  type Client,
  type Definition,
  ended,
  type Execution,
  nodesOf,
  type Page,
  publish,
  start,
  unique,
} from '@aumos/agf-test-support';
import { eventually, WebServer } from '@aumos/agf-testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { as, OUTGOING_ALLOW, world } from '../system.js';
import { type FailingChain, LEAF_BREAKER, publishChain } from './failing-chain.js';

/** So many starts, so many of them at once. */
const STARTS = 18;
const AT_ONCE = 3;
/** A start has ended by then. */
const SOON_MS = 8_000;

interface Breaker {
  state: string;
  failure_count: number;
  retry_after_ms: number | null;
  history: { from_state: string; to_state: string; at: string }[];
}
interface Said {
  below: unknown;
  said: string[];
}

/** What people are told of it, in the output of the run. */
const figure = (what: string, is: number | string): void => {
  process.stdout.write(`containment: ${what}: ${String(is)}\n`);
};

/** A failing leaf under four parents: its breaker opens, and nobody else notices more than a refusal. */
export function containment(): void {
  let developer: Client;
  let site: WebServer;
  let chain: FailingChain;
  /** when the leaf was called, ms */
  const calls: number[] = [];
  let rows: Execution[];

  const breakerOf = async (workflow: string): Promise<Breaker> =>
    developer.must(200, developer.get<Breaker>(`/circuit-breakers/workflow:${workflow}`));
  const isOpen = async (workflow: string): Promise<boolean> => {
    const { status, body } = await developer.get<Breaker>(`/circuit-breakers/workflow:${workflow}`);
    return status === 200 && body.state === 'open';
  };
  const saidOf = ({ output_data }: Execution): Said => output_data as unknown as Said;
  const once = async (workflow = chain.levels[0] as string): Promise<Execution> =>
    ended(developer, await start(developer, workflow, {}));
  const executionsOf = async (workflow: string): Promise<number> =>
    (await developer.must(200, developer.get<Page<unknown>>(`/executions?workflow_id=${workflow}`))).total;

  beforeAll(async () => {
    developer = await as('acme-developer');
    site = await WebServer.start(undefined, { address: OUTGOING_ALLOW });
    site.says(() => {
      calls.push(Date.now());
      return { headers: { 'content-type': 'application/json' }, body: '{}' };
    });
    chain = await publishChain(developer, site.url('/', OUTGOING_ALLOW));
    let left = STARTS;
    const worker = async (): Promise<Execution[]> => {
      const done: Execution[] = [];
      while (left-- > 0) done.push(await once());
      return done;
    };
    rows = (await Promise.all(Array.from({ length: AT_ONCE }, worker))).flat();
  }, 180_000);
  afterAll(() => site.close());

  it('lets few calls through to the leaf', async () => {
    const { history } = await breakerOf(chain.leaf);
    const probes = history.filter(({ to_state }) => to_state === 'half_open').length * LEAF_BREAKER.half_open_max_calls;
    const opened = Date.parse(history.at(-1)?.at ?? '');
    // Those that open it, those under way meanwhile, and the probes since.
    const most = LEAF_BREAKER.failure_threshold + AT_ONCE - 1 + probes;
    figure('starts', `${String(STARTS)}, ${String(AT_ONCE)} at once`);
    figure('calls to the leaf', `${String(calls.length)}, at most ${String(most)}`);
    figure('from the first failing call to the open breaker', `${String(opened - (calls[0] as number))} ms`);
    expect(history.at(-1)).toMatchObject({ from_state: 'closed', to_state: 'open' });
    expect(calls.length).toBeGreaterThanOrEqual(LEAF_BREAKER.failure_threshold);
    expect(calls.length).toBeLessThanOrEqual(most);
    expect(await executionsOf(chain.leaf)).toBe(calls.length);
    expect(opened - (calls[0] as number)).toBeLessThan(30_000);
  });

  it('tells the parents at once, as a result: they complete, and so do their other branches', async () => {
    expect(rows.map(({ status }) => status)).toEqual(Array(STARTS).fill('completed'));
    for (const row of rows) expect(saidOf(row).said).toContain('beside');
    const contained = rows.filter((row) => saidOf(row).below !== null);
    const failed = rows.filter((row) => saidOf(row).said.includes('failed: CHILD_FAILED'));
    figure('starts that met a failure of the leaf', failed.length);
    figure('starts that were contained', contained.length);
    expect(failed).toHaveLength(calls.length);
    expect(contained).toHaveLength(STARTS - calls.length);
    const [first] = contained as [Execution];
    const levels: Said[] = [];
    for (let at: unknown = first.output_data; at; at = (at as Said).below) levels.push(at as Said);
    const [beside, refused] = [['beside'], ['beside', 'contained: CIRCUIT_OPEN']];
    expect(levels.map(({ said }) => [...said].sort())).toEqual([beside, beside, beside, refused]);
  });

  it('asks nothing of the leaf while its breaker is open', async () => {
    // What fails in its probe stays open for all of its reset time.
    await eventually(
      async () => {
        if (((await breakerOf(chain.leaf)).retry_after_ms ?? 0) > SOON_MS) return true;
        await once();
        return false;
      },
      'the breaker to be open for a while',
      { timeoutMs: 60_000 },
    );
    const [before, began] = [calls.length, Date.now()];
    const row = await once();
    figure('a contained start of five levels', `${String(Date.now() - began)} ms`);
    expect(calls.length).toBe(before);
    expect(saidOf(row).below).not.toBeNull();
    const answer = await developer.post(`/workflows/${chain.leaf}/execute`, { input_data: {} });
    expect([answer.status, answer.body.code]).toEqual([503, 'CIRCUIT_OPEN']);
  });

  it("leaves its parents' breakers closed: not one failure is counted there", async () => {
    for (const parent of chain.levels.slice(0, 4)) {
      const { status, body } = await developer.get<Breaker>(`/circuit-breakers/workflow:${parent}`);
      if (status !== 404) expect([parent, body.state, body.failure_count]).toEqual([parent, 'closed', 0]);
      const changes = await world().rows('select from agf_circuit_breaker_transitions where circuit_key = $1', [
        `workflow:${parent}`,
      ]);
      expect(changes).toEqual([]);
    }
  });

  describeWaiting(() => ({ developer, chain, isOpen }));

  it('lets all of them through again once a probe has succeeded', async () => {
    const healed = Date.now();
    site.says(() => ({ headers: { 'content-type': 'application/json' }, body: '{"value": "well"}' }));
    const deepest = (row: Execution): unknown => {
      let at: unknown = row.output_data;
      while (typeof at === 'object' && at !== null) at = (at as Said).below;
      return at;
    };
    await eventually(async () => deepest(await once()) === 'well', 'the leaf to answer', { timeoutMs: 60_000 });
    figure('from the healed leaf to its first answer', `${String(Date.now() - healed)} ms`);
    await eventually(async () => (await breakerOf(chain.leaf)).state === 'closed', 'the breaker to close');
    expect(deepest(await once())).toBe('well');
  });
}

type Given = () => { developer: Client; chain: FailingChain; isOpen: (workflow: string) => Promise<boolean> };

/** What a parent does that has no `on_open`. */
function describeWaiting(given: Given): void {
  const parent = async (node: object): Promise<string> => {
    const { developer, chain } = given();
    const { name } = await developer.must(200, developer.get<{ name: string }>(`/workflows/${chain.leaf}`));
    const definition: Definition = {
      schema: 'agf/workflow/v1',
      name: unique('parent'),
      state: { r: {} },
      nodes: [{ id: 'call', type: 'workflow', workflow: name, output: 'r', ...node }],
      edges: [
        { source: 'START', target: 'call' },
        { source: 'call', target: 'END' },
      ],
      output: { cel: 'state.r' },
      circuit_breaker: { failure_threshold: 1 },
    };
    return publish(developer, definition);
  };

  it.each([
    ['fails with the refusal', {}, 0],
    ['waits for it no longer than it says, then fails', { open_wait_seconds: 1 }, 1_000],
  ])('a parent without on_open %s, and its own breaker stays closed', async (_, node, leastMs) => {
    const { developer, chain, isOpen } = given();
    const workflow = await parent(node);
    const row = await eventually(async () => {
      const began = Date.now();
      const execution = await ended(developer, await start(developer, workflow, {}));
      // The reset may have been over, and this the probe.
      if (execution.error_details?.code !== 'CIRCUIT_OPEN') return undefined;
      expect(Date.now() - began).toBeGreaterThanOrEqual(leastMs);
      return execution;
    }, 'a refusal');
    expect(row).toMatchObject({
      status: 'failed',
      error_details: { node: 'call', details: { circuit_key: `workflow:${chain.leaf}` } },
    });
    expect(await isOpen(workflow)).toBe(false);
    expect(await nodesOf(developer, row.id)).toMatchObject([{ node: 'call', status: 'failed' }]);
    await start(developer, workflow, {});
  });
}
