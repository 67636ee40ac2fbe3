import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, type Gateway, startGateway } from './support/gateway.js';

const NOBODY = randomUUID();
let gateway: Gateway;
let workflow: string;
const list = (query: string): Promise<Answer> => gateway.call('GET', `/executions?${query}`);
const forged = (at: string): string => Buffer.from(`${at}|${NOBODY}`).toString('base64url');

beforeAll(async () => {
  gateway = await startGateway();
  const name = `flow-${randomUUID()}`;
  const graph_definition = {
    schema: 'agf/workflow/v1',
    name,
    nodes: [{ id: 'a', type: 'transform', set: {} }],
    edges: [
      { source: 'START', target: 'a' },
      { source: 'a', target: 'END' },
    ],
  };
  const made = await gateway.call('POST', '/workflows', { name, graph_definition });
  workflow = (made.body as { id: string }).id;
}, 120_000);
afterAll(() => gateway.close());

describe('executions', () => {
  it('start without a body, with null for input', async () => {
    for (const body of [undefined, {}, {}, {}]) {
      const { status, body: started } = await gateway.call('POST', `/workflows/${workflow}/execute`, body);
      expect([status, (started as { input_data: unknown }).input_data]).toEqual([202, null]);
    }
  });

  it('by cursor tell of a next page exactly as long as there is one', async () => {
    const seen: string[] = [];
    let query = 'page_size=2';
    for (let pages = 1; ; pages++) {
      const { status, body } = await list(query);
      expect(status).toBe(200);
      expect([body.items.length, body.has_next]).toEqual([2, body.next_cursor !== null]);
      for (const { id } of body.items as { id: string }[]) seen.push(id);
      if (body.next_cursor === null) {
        expect(pages).toBe(2);
        break;
      }
      query = `page_size=2&cursor=${String(body.next_cursor)}`;
    }
    expect(new Set(seen).size).toBe(4);
  });

  it.each([
    ['page=1', 'page'],
    ['page=2', 'page'],
    ['sort_by=started_at', 'sort_by'],
  ])('by cursor refuse %s', async (more, field) => {
    const { body: first } = await list('page_size=1');
    const { status, body } = await list(`cursor=${String(first.next_cursor)}&${more}`);
    expect([status, body.details.fields[0].field]).toEqual([400, field]);
    expect((await list(`cursor=${String(first.next_cursor)}&sort_by=created_at&sort_order=desc`)).status).toBe(200);
  });

  it.each([
    ['started_after=2026-W01', 'started_after'],
    ['started_after=20260101', 'started_after'],
    ['started_before=2026-W01-1', 'started_before'],
    ['started_before=2026-02-30T00:00:00Z', 'started_before'],
    [`cursor=${forged('2026-13-45T99:00:00.000000Z')}`, 'cursor'],
    [`cursor=${forged('2026-02-31T00:00:00.000000Z')}`, 'cursor'],
    ['__proto__=1', '__proto__'],
    ['constructor=1', 'constructor'],
  ])('?%s → 400', async (query, field) => {
    const { status, body } = await list(query);
    expect([status, body.code, body.details.fields[0].field]).toEqual([400, 'VALIDATION_ERROR', field]);
  });

  it('take a time of RFC 3339', async () => {
    expect((await list('started_after=2026-01-01T00:00:00%2B01:00')).status).toBe(200);
  });
});

describe('every list sorts by what is its own', () => {
  it.each([
    ['/artifacts', ['created_at', 'name', 'size']],
    ['/executions', ['created_at', 'started_at', 'completed_at']],
    ['/executions/ID/nodes', ['step', 'started_at']],
    ['/executions/ID/traces', ['started_at', 'name']],
  ])('%s', async (path, fields) => {
    const { body } = await list('page_size=1');
    const at = path.replace('ID', body.items[0].id as string);
    for (const field of fields)
      for (const order of ['asc', 'desc'])
        expect((await gateway.call('GET', `${at}?sort_by=${field}&sort_order=${order}`)).status).toBe(200);
    expect((await gateway.call('GET', `${at}?sort_by=tenant_id`)).status).toBe(400);
  });
});
