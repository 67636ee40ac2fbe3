import {
  type Client,
  completed,
  type Definition,
  ended,
  type Page,
  publish,
  start,
  tracesOf,
  unique,
} from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';
import { beforeAll, expect, it } from '@jest/globals';
import { as } from '../system.js';

interface Drill {
  id: string;
  status: string;
  report: object | null;
}

/** Nobody calls it after this: its breaker stays open for a while. */
const TOOL = 'html_to_markdown';
const KEY = `tool:${TOOL}`;
/** As many failures as open a breaker where nobody has set anything. */
const THRESHOLD = 5;

/** Turns each of the pages; an item's failure is collected. */
const pages = (node: object = {}): Definition => ({
  schema: 'agf/workflow/v1',
  name: unique('drilled'),
  nodes: [
    {
      id: 'turn',
      type: 'tool',
      tool: TOOL,
      arguments: { html: { cel: 'item' } },
      retry: { max_attempts: 1 },
      ...node,
    },
  ],
  edges: [
    { source: 'START', target: 'turn', for_each: 'input.pages', on_item_error: 'collect' },
    { source: 'turn', target: 'END' },
  ],
  output: { cel: 'state.errors.map(e, e.code)' },
});

const page = (node: object = {}): Definition => ({
  ...pages({ arguments: { html: '<p>a</p>' }, ...node }),
  edges: [
    { source: 'START', target: 'turn' },
    { source: 'turn', target: 'END' },
  ],
  output: 'done',
});

/** In the tenant that is named as a sandbox. */
export function drills(): void {
  let developer: Client;
  let drill: Drill;
  beforeAll(async () => {
    developer = await as('acme-developer');
    await completed(developer, await start(developer, await publish(developer, page())));
    const asked = { tool: TOOL, seconds: 8, recovery_seconds: 1 };
    drill = await developer.must(201, developer.post<Drill>('/circuit-breakers/drills', asked));
  });

  it('makes the tool fail, and nothing else: its breaker opens, and who has a way on goes on', async () => {
    const sources = Array<string>(THRESHOLD).fill('<p>a</p>');
    const collected = await start(developer, await publish(developer, pages()), { pages: sources });
    expect((await completed(developer, collected)).output_data).toEqual(Array(THRESHOLD).fill('TOOL_FAILED'));
    const traces = await tracesOf(developer, collected);
    expect(traces).toHaveLength(THRESHOLD);
    for (const trace of traces) expect(trace).toMatchObject({ name: TOOL, attributes: { drill_id: drill.id } });

    const refused = await ended(developer, await start(developer, await publish(developer, page())));
    expect(refused.error_details).toMatchObject({ code: 'CIRCUIT_OPEN', details: { circuit_key: KEY } });
    const contained = await publish(developer, page({ on_open: 'CONTINUE' }));
    expect((await completed(developer, await start(developer, contained))).output_data).toBe('done');
  });

  it('ends by itself, and tells how far it went', async () => {
    const over = await eventually(
      async () => {
        const path = `/circuit-breakers/drills/${drill.id}`;
        const now = await developer.must(200, developer.get<Drill>(path));
        return now.status === 'completed' ? now : undefined;
      },
      'the drill to be completed',
      { timeoutMs: 30_000, everyMs: 200 },
    );
    expect(over.report).toMatchObject({
      calls_failed: THRESHOLD,
      calls_refused: 2,
      opened_after_ms: expect.any(Number),
      // Nobody called once it was well again, and it was not watched until its breaker is to be probed.
      recovered_after_ms: null,
      executions: { failed: 1, contained: 2, cancelled: 0, under_way: 0 },
    });
    expect(over.report).toHaveProperty(
      'breakers',
      expect.arrayContaining([expect.objectContaining({ circuit_key: KEY, times_opened: 1, closed_at: null })]),
    );
    const listed = await developer.get<Page<Drill>>('/circuit-breakers/drills');
    expect(listed.body.items.map(({ id }) => id)).toContain(drill.id);
  });

  it('is refused in a tenant that nobody has named', async () => {
    const other = await as('globex-developer');
    const { status, body } = await other.post('/circuit-breakers/drills', { tool: TOOL, seconds: 1 });
    expect([status, body.code]).toEqual([403, 'NOT_A_SANDBOX']);
    const definition = page();
    await completed(other, await start(other, await publish(other, definition)));
  });
}
