import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APP_NAMES } from '@aumos/agf-devstack';
import {
  type Client,
  completed,
  decide,
  type Definition,
  ended,
  pendingApproval,
  publish,
  start,
  unique,
} from '@aumos/agf-test-support';
import { WebServer } from '@aumos/agf-testing';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { as, OUTGOING_ALLOW, world } from '../system.js';

const CANARY = 'CANARYTOKEN-sk-live-24680';

const call = (tool: string, args: object): Definition => ({
  schema: 'agf/workflow/v1',
  name: unique('outgoing'),
  state: { answer: {} },
  nodes: [{ id: 'call', type: 'tool', tool, arguments: args, output: 'answer' }],
  edges: [
    { source: 'START', target: 'call' },
    { source: 'call', target: 'END' },
  ],
  output: { cel: 'state.answer' },
});

/** What tools send to where a tenant says. */
export function outgoing(): void {
  let developer: Client;
  let approver: Client;
  /** behind one port: what the operator has opened, and what nobody has */
  let open: WebServer;
  let shut: WebServer;
  beforeAll(async () => {
    [developer, approver] = await Promise.all([as('acme-developer'), as('acme-approver-1')]);
    open = await WebServer.start(undefined, { address: OUTGOING_ALLOW });
    shut = await WebServer.start(undefined, { port: open.port });
  });
  afterAll(() => Promise.all([open.close(), shut.close()]));
  beforeEach(() => {
    shut.requests.length = 0;
    open.says(() => ({ headers: { 'content-type': 'application/json' }, body: '{"n": 7}' }));
  });

  const run = async (tool: string, args: object): Promise<string> =>
    start(developer, await publish(developer, call(tool, args)));

  it('gets what is open', async () => {
    const { output_data } = await completed(developer, await run('http_get', { url: open.url('/x', OUTGOING_ALLOW) }));
    expect(output_data).toMatchObject({ status: 200, json: { n: 7 } });
    expect(open.requests).toMatchObject([{ method: 'GET', path: '/x' }]);
  });

  it('reads a page, in a thread of the worker', async () => {
    open.says(() => ({ headers: { 'content-type': 'text/html' }, body: '<h1>Cars</h1>' }));
    const { output_data } = await completed(
      developer,
      await run('html_to_markdown', { url: open.url('/', OUTGOING_ALLOW) }),
    );
    expect(output_data).toEqual({ markdown: '# Cars', truncated: false });
  });

  it.each(['127.0.0.1', '2130706433', 'localhost', '[::ffff:127.0.0.1]', '169.254.169.254'])(
    'never reaches what is not: %s, and no log has its URL',
    async (host) => {
      const id = await run('http_get', { url: shut.url(`/?token=${CANARY}`, host) });
      const { error_details: error } = await ended(developer, id);
      expect(error).toMatchObject({ code: 'ADDRESS_BLOCKED', node: 'call', attempts: 1 });
      expect(JSON.stringify(error)).not.toContain(CANARY);
      expect(shut.requests).toEqual([]);
      for (const app of APP_NAMES)
        expect(readFileSync(join(world().home, 'logs', `${app}.log`), 'utf8')).not.toContain(CANARY);
    },
  );

  it('is followed nowhere else: what is open leads to what is not', async () => {
    open.says(() => ({ status: 302, headers: { location: shut.url('/') } }));
    const { error_details: error } = await ended(
      developer,
      await run('http_get', { url: open.url('/', OUTGOING_ALLOW) }),
    );
    expect(error).toMatchObject({ code: 'ADDRESS_BLOCKED' });
    expect(shut.requests).toEqual([]);
  });

  it('writes once it is approved, exactly what was shown, under the key of the visit', async () => {
    const args = { method: 'PUT', url: open.url('/x', OUTGOING_ALLOW), json: { a: 1 } };
    const id = await run('http_write', args);
    const approval = await pendingApproval(approver, id);
    expect(approval).toMatchObject({ tool: 'http_write', arguments: args, privilege_level: 3 });
    expect(open.requests).toEqual([]);
    await decide(approver, approval.id);
    await completed(developer, id);
    expect(open.requests).toMatchObject([
      { method: 'PUT', path: '/x', body: '{"a":1}', headers: { 'idempotency-key': `${id}/call/1` } },
    ]);
  });
}
