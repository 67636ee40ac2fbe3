import {
  type Answer,
  type Client,
  completed,
  type Definition,
  ended,
  loadWorkflow,
  pendingApproval,
  publish,
  type Request,
  start,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { NOBODY } from '../routes.js';
import { as } from '../system.js';

let developer: Client;
let approver: Client;
let workflow: string;
let approval: string;

const json = (text: string): Request => ({ raw: { type: 'application/json', body: text } });
const nested = (depth: number): string => `{"input_data":${'['.repeat(depth)}${']'.repeat(depth)}}`;
const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);

interface Bad {
  what: string;
  call: string | (() => string);
  request?: Request;
  status: number;
  code?: string;
  /** what `details.fields` must name */
  field?: string;
}

const execute = (): string => `POST /workflows/${workflow}/execute`;
const decision = (): string => `POST /hitl/${approval}/approve`;
const text = (type: string): Request => ({ raw: { type, body: '{}' } });

/** Bodies that are no JSON object, whatever they were meant to be. */
const BODIES: Bad[] = [
  { what: 'cut off', call: execute, request: json('{"input_data":'), status: 400 },
  { what: 'a list', call: execute, request: json('[]'), status: 400 },
  { what: 'a text', call: execute, request: json('"x"'), status: 400 },
  { what: 'null', call: execute, request: json('null'), status: 400 },
  { what: 'a number', call: 'POST /workflows', request: json('1'), status: 400 },
  { what: 'with a comment', call: 'POST /workflows', request: json('{/* */}'), status: 400 },
  {
    what: 'not UTF-8',
    call: execute,
    request: { raw: { type: 'application/json', body: bytes(0x7b, 0x22, 0xff, 0x22, 0x7d) } },
    status: 400,
  },
  { what: 'nested 200 deep', call: execute, request: json(nested(200)), status: 400 },
  { what: 'nested 50,000 deep', call: execute, request: json(nested(50_000)), status: 400 },
  { what: 'with __proto__', call: execute, request: json('{"input_data":{"__proto__":{"a":1}}}'), status: 400 },
  { what: 'with constructor', call: execute, request: json('{"input_data":[{"constructor":1}]}'), status: 400 },
  { what: 'with prototype', call: 'POST /workflows', request: json('{"prototype":1}'), status: 400 },
  { what: 'with half of a pair', call: execute, request: json('{"input_data":{"a":"\\ud800"}}'), status: 400 },
  { what: 'with half of a pair in a key', call: execute, request: json('{"input_data":{"\\udc00":1}}'), status: 400 },
  { what: 'with a number beyond doubles', call: execute, request: json('{"input_data":[-1e400]}'), status: 400 },
  {
    what: 'of 2 MiB',
    call: execute,
    request: json(`{"input_data":"${'x'.repeat(2 * 1024 * 1024)}"}`),
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
  },
  {
    what: 'of a type that is none',
    call: 'POST /artifacts?name=a.csv',
    request: { raw: { type: 'nonsense', body: 'a' } },
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  ...['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded'].map(
    (type): Bad => ({
      what: `as ${type}`,
      call: execute,
      request: text(type),
      status: 415,
      code: 'UNSUPPORTED_MEDIA_TYPE',
    }),
  ),
];

/** Members that are missing, too many or of another kind: the answer names them. */
const MEMBERS: Bad[] = [
  { what: 'an unknown member', call: execute, request: json('{"input_data":{},"nope":1}'), status: 400, field: 'nope' },
  { what: 'an unknown member', call: decision, request: json('{"because":"x"}'), status: 400, field: 'because' },
  { what: 'a number for a name', call: 'POST /workflows', request: json('{"name":5}'), status: 400, field: 'name' },
  { what: 'no name', call: 'POST /workflows', request: json('{"graph_definition":{}}'), status: 400, field: 'name' },
  { what: 'an empty name', call: 'POST /workflows', request: json('{"name":""}'), status: 400, field: 'name' },
  {
    what: 'a name of 129 characters',
    call: 'POST /workflows',
    request: json(`{"name":"${'x'.repeat(129)}"}`),
    status: 400,
    field: 'name',
  },
  {
    what: 'a list for gates',
    call: 'POST /workflows',
    request: json('{"name":"x","graph_definition":{},"hitl_gates":[]}'),
    status: 400,
    field: 'hitl_gates',
  },
  ...['0', '"1"', '1.5', '1e12', 'null', '[1]'].map((version): Bad => ({
    what: `version ${version}`,
    call: execute,
    request: json(`{"input_data":{},"version":${version}}`),
    status: 400,
    field: 'version',
  })),
  { what: 'a version that is not', call: execute, request: json('{"input_data":{},"version":99}'), status: 404 },
  {
    what: 'input that lacks what the schema wants',
    call: execute,
    request: json('{"input_data":{}}'),
    status: 400,
    field: 'input_data',
  },
  {
    what: 'input of another type',
    call: execute,
    request: json('{"input_data":{"source":7}}'),
    status: 400,
    field: 'input_data.source',
  },
  { what: 'no input', call: execute, request: json('{}'), status: 400, field: 'input_data' },
  { what: 'notes that are a number', call: decision, request: json('{"notes":1}'), status: 400, field: 'notes' },
  { what: 'notes that are null', call: decision, request: json('{"notes":null}'), status: 400, field: 'notes' },
  { what: 'notes with NUL', call: decision, request: json('{"notes":"a\\u0000"}'), status: 400, field: 'notes' },
  {
    what: 'notes of 4,001 characters',
    call: decision,
    request: json(`{"notes":"${'x'.repeat(4001)}"}`),
    status: 400,
    field: 'notes',
  },
  {
    what: 'an Idempotency-Key with a blank',
    call: execute,
    request: { json: { input_data: { source: 'x' } }, headers: { 'idempotency-key': 'a b' } },
    status: 400,
    field: 'Idempotency-Key',
  },
  {
    what: 'an Idempotency-Key of 256 characters',
    call: execute,
    request: { json: { input_data: { source: 'x' } }, headers: { 'idempotency-key': 'k'.repeat(256) } },
    status: 400,
    field: 'Idempotency-Key',
  },
];

const QUERIES: Bad[] = [
  ...[
    ['page=0', 'page'],
    ['page=-1', 'page'],
    ['page=abc', 'page'],
    ['page=1.5', 'page'],
    ['page=1000001', 'page'],
    ['page_size=0', 'page_size'],
    ['page_size=101', 'page_size'],
    ['page_size=', 'page_size'],
    ['page=1&page=2', 'page'],
    ['sort_order=up', 'sort_order'],
    ['sort_by=input_data', 'sort_by'],
    ['status=done', 'status'],
    ['workflow_id=1', 'workflow_id'],
    ['started_after=yesterday', 'started_after'],
    ['started_before=2026-02-30T00:00:00Z', 'started_before'],
    ['started_after=2026-W01', 'started_after'],
    ['started_after=20260101', 'started_after'],
    ['__proto__=1', '__proto__'],
    ['constructor=1', 'constructor'],
    ['tenant_id=x', 'tenant_id'],
    ['cursor=%00', 'cursor'],
    ['cursor=AAAA', 'cursor'],
  ].map(([query = '', field]): Bad => ({ what: query, call: `GET /executions?${query}`, status: 400, field })),
  { what: 'a NUL in a filter', call: 'GET /workflows?name=a%00b', status: 400, field: 'name' },
  { what: 'a NUL in a filter', call: 'GET /artifacts?name=a%00b', status: 400, field: 'name' },
  { what: 'no such state', call: 'GET /circuit-breakers?state=ajar', status: 400, field: 'state' },
  { what: 'no such status', call: 'GET /hitl?status=maybe', status: 400, field: 'status' },
  { what: 'no such order', call: 'GET /circuit-breakers?sort_by=epoch', status: 400, field: 'sort_by' },
  { what: 'no such order', call: 'GET /hitl?sort_by=arguments', status: 400, field: 'sort_by' },
  { what: 'no such order', call: 'GET /hitl/pending?sort_by=arguments', status: 400, field: 'sort_by' },
  { what: 'no such order', call: 'GET /artifacts?sort_by=sha256', status: 400, field: 'sort_by' },
  { what: 'no uuid', call: 'GET /hitl/pending?execution_id=1', status: 400, field: 'execution_id' },
  { what: 'level 6', call: 'GET /tools/builtin?max_privilege_level=6', status: 400, field: 'max_privilege_level' },
  {
    what: 'no execution_id',
    call: () => `GET /workflows/${workflow}/status`,
    status: 400,
    field: 'execution_id',
  },
  { what: 'no name', call: 'POST /artifacts', request: text('text/csv'), status: 400, field: 'name' },
  {
    what: 'a path for a name',
    call: 'POST /artifacts?name=a/b',
    request: text('text/csv'),
    status: 400,
    field: 'name',
  },
  { what: 'NUL in a name', call: 'POST /artifacts?name=a%00', request: text('text/csv'), status: 400, field: 'name' },
  {
    what: 'a name of 256 characters',
    call: `POST /artifacts?name=${'a'.repeat(256)}`,
    request: text('text/csv'),
    status: 400,
    field: 'name',
  },
];

const PLACES: Bad[] = [
  { what: 'no such path', call: 'GET /nothing', status: 404 },
  { what: 'no such path', call: 'GET /hitl/a/b/c', status: 404 },
  { what: 'an id that is no uuid', call: 'GET /workflows/1', status: 404 },
  { what: 'an id with a quote', call: "GET /executions/1'%20or%20'1'='1", status: 404 },
  { what: 'an id with NUL', call: 'GET /executions/%00', status: 404 },
  { what: 'an id of 600 characters', call: `GET /workflows/${'a'.repeat(600)}`, status: 414 },
  { what: 'an upper-case id of nothing', call: `GET /artifacts/${NOBODY.toUpperCase()}`, status: 404 },
  { what: 'no number for a version', call: () => `GET /workflows/${workflow}/versions/one`, status: 404 },
  { what: 'a huge version', call: () => `GET /workflows/${workflow}/versions/99999999999`, status: 404 },
  { what: 'a negative version', call: () => `GET /workflows/${workflow}/versions/-1`, status: 404 },
  { what: 'no breaker key', call: 'GET /circuit-breakers/everything', status: 404 },
  { what: 'a breaker key with NUL', call: 'GET /circuit-breakers/tool:%00', status: 404 },
  { what: 'no such tool', call: 'GET /tools/builtin/__proto__', status: 404 },
  { what: 'a malformed URL', call: 'GET /workflows/%zz', status: 400 },
];

export function badInput(): void {
  beforeAll(async () => {
    [developer, approver] = await Promise.all([as('acme-developer'), as('acme-approver-1')]);
    workflow = await publish(developer, loadWorkflow({ table: unique('bad') }));
    const id = await start(developer, workflow, { source: await upload(developer, 'a\n1\n') });
    approval = (await pendingApproval(approver, id)).id;
  });

  describe('a body', () => eachIsRefused(BODIES));
  describe('a member', () => eachIsRefused(MEMBERS));
  describe('a query', () => eachIsRefused(QUERIES));
  describe('a path', () => eachIsRefused(PLACES));
  describe('a method', methods);
  describe('a definition', definitions);
  describe('odd but well-formed input', oddities);
}

function eachIsRefused(table: readonly Bad[]): void {
  it.each(table.map((bad) => ({ ...bad, name: `${bad.what} → ${String(bad.status)}` })))('$name', async (bad) => {
    const [method = '', path = ''] = (typeof bad.call === 'string' ? bad.call : bad.call()).split(/ (.*)/s);
    const who = path.startsWith('/hitl/') ? approver : developer;
    const answer = await who.request(method, path, bad.request ?? {});
    expectProblem(answer, bad.status);
    if (bad.code) expect(answer.body.code).toBe(bad.code);
    if (bad.status === 404) expect(answer.body.code).toBe('NOT_FOUND');
    if (bad.status !== 400) return;
    expect(answer.body.code).toBe('VALIDATION_ERROR');
    if (bad.field) expect(answer.body.details?.fields?.map(({ field }) => field)).toContain(bad.field);
  });
}

/** RFC 9457 with the platform's members. */
function expectProblem({ status, headers, body }: Answer, expected: number): void {
  expect({ status, body }).toMatchObject({ status: expected });
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({
    type: expect.any(String),
    title: expect.any(String),
    status: expected,
    detail: body.message,
    code: expect.stringMatching(/^[A-Z_]+$/),
    details: expect.any(Object),
    request_id: headers.get('x-request-id'),
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  expect(body.message).not.toMatch(/at .*\.js|select |node_modules/i);
}

function methods(): void {
  it.each([
    ['DELETE', '/workflows', 'GET, HEAD, POST'],
    ['PUT', `/executions/${NOBODY}`, 'GET, HEAD'],
    ['PATCH', `/artifacts/${NOBODY}`, 'DELETE, GET, HEAD'],
    ['GET', `/executions/${NOBODY}/cancel`, 'POST'],
    ['DELETE', '/hitl/pending', 'GET, HEAD'],
    ['POST', '/circuit-breakers', 'GET, HEAD'],
  ])('%s %s → 405, with the methods there are', async (method, path, allow) => {
    const answer = await developer.request(method, path);
    expectProblem(answer, 405);
    expect([answer.body.code, answer.headers.get('allow')]).toEqual(['METHOD_NOT_ALLOWED', allow]);
  });
}

function definitions(): void {
  const node = { id: 'a', type: 'transform', set: {} };
  const through = [
    { source: 'START', target: 'a' },
    { source: 'a', target: 'END' },
  ];
  const base = (): Definition => ({ schema: 'agf/workflow/v1', name: unique('bad'), nodes: [node], edges: through });
  const post = (definition: Definition, more: object = {}): Promise<Answer> =>
    developer.post('/workflows', { name: definition.name, graph_definition: definition, ...more });
  const rules = ({ body }: Answer): string[] =>
    (body.details?.['findings'] as { rule: string; severity: string }[])
      .filter(({ severity }) => severity === 'error')
      .map(({ rule }) => rule);

  it('with many mistakes is answered with every one of them', async () => {
    const definition = {
      ...base(),
      surprise: 1,
      state: { n: { reducer: 'multiply' } },
      nodes: [
        node,
        { id: 'b', type: 'tool', tool: 'no_such_tool', arguments: {} },
        { id: 'c', type: 'transform', set: { missing: 1 } },
        { id: 'd', type: 'transform', set: {}, gate: 'no_such_gate' },
        { id: 'e', type: 'agent', agent: 'x', prompt: 'y' },
        { id: 'a', type: 'transform', set: {} },
      ],
      edges: [...through, { source: 'a', target: 'b', condition: 'state.' }, { source: 'a', target: 'nowhere' }],
    };
    const answer = await post(definition);
    expectProblem(answer, 422);
    expect(answer.body.code).toBe('INVALID_DEFINITION');
    const found = JSON.stringify(answer.body.details?.['findings']);
    for (const what of [
      'surprise',
      '/state/n/reducer',
      'no_such_tool',
      'missing',
      'no_such_gate',
      'agent',
      'nowhere',
      'state.',
    ])
      expect([what, found.includes(what)]).toEqual([what, true]);
    expect(rules(answer).length).toBeGreaterThanOrEqual(8);
    const validated = await developer.post<{ valid: boolean; findings: unknown[] }>('/workflows/validate', {
      graph_definition: definition,
    });
    expect([validated.status, validated.body.valid]).toEqual([200, false]);
    expect(validated.body.findings).toEqual(answer.body.details?.['findings']);
    expect((await developer.get<{ total: number }>(`/workflows?name=${definition.name}`)).body.total).toBe(0);
  });

  it.each([
    ['no object at all', 7],
    ['a list', []],
    ['nothing in it', {}],
    ['another language', { schema: 'agf/workflow/v2', name: 'x', nodes: [], edges: [] }],
    ['NUL in its name', { schema: 'agf/workflow/v1', name: 'a\0', nodes: [node], edges: through }],
  ])('that is %s → 422', async (_, definition) => {
    const answer = await developer.post('/workflows', { name: 'x', graph_definition: definition });
    expectProblem(answer, 422);
    expect(rules(answer).length).toBeGreaterThan(0);
  });

  it('that contradicts the body around it → 422', async () => {
    const definition = { ...base(), hitl_gates: { g: { gate_name: 'g' } }, circuit_breaker: { failure_threshold: 1 } };
    const answers = await Promise.all([
      developer.post('/workflows', { name: unique('another'), graph_definition: definition }),
      post(definition, { hitl_gates: { g: { gate_name: 'g', approvals_required: 2 } } }),
      post(definition, { circuit_breaker_config: { failure_threshold: 2 } }),
    ]);
    for (const answer of answers) expectProblem(answer, 422);
  });

  it('with a hostile expression or pattern is refused, and costs nothing', async () => {
    const began = Date.now();
    const answers = await Promise.all([
      post({ ...base(), output: { cel: `${'('.repeat(4000)}1${')'.repeat(4000)}` } }),
      post({ ...base(), output: { cel: 'a'.repeat(5000) } }),
      post({ ...base(), input: { pattern: '(a+)+$(' } }),
      post({ ...base(), input: { $ref: 'http://127.0.0.1:1/schema.json' } }),
    ]);
    for (const answer of answers) expectProblem(answer, 422);
    expect(Date.now() - began).toBeLessThan(5000);
  });

  it('of a name that is taken → 409; a version under another name → 400', async () => {
    const definition = base();
    const id = await publish(developer, definition);
    expectProblem(await post(definition), 409);
    const renamed = await developer.post(`/workflows/${id}/versions`, { graph_definition: base() });
    expectProblem(renamed, 400);
    expect(renamed.body.details?.fields?.[0]?.field).toBe('graph_definition.name');
  });
}

function oddities(): void {
  const echo: Omit<Definition, 'name'> = {
    schema: 'agf/workflow/v1',
    state: { x: {} },
    nodes: [{ id: 'a', type: 'transform', set: { x: { cel: 'input' } } }],
    edges: [
      { source: 'START', target: 'a' },
      { source: 'a', target: 'END' },
    ],
    output: { cel: 'state.x' },
  };
  it.each([
    ['a NUL character', '{"input_data":{"a":"x\\u0000y"}}'],
    ['an integer beyond 2^53', '{"input_data":{"a":12345678901234567890}}'],
    ['the same key twice', '{"input_data":{"a":1,"a":2}}'],
    ['10,000 members', `{"input_data":{${Array.from({ length: 10_000 }, (_, i) => `"k${String(i)}":1`).join()}}}`],
  ])('%s is taken and ends, or is refused; it is no error of ours', async (_, body) => {
    const id = await publish(developer, { ...echo, name: unique('echo') });
    const answer = await developer.request('POST', `/workflows/${id}/execute`, json(body));
    if (answer.status === 202) await completed(developer, String(answer.body['id']));
    else expectProblem(answer, 400);
  });

  it.each([
    ['a NUL character', { cel: "'\\u0000'" }],
    ['a NUL character in a key', { cel: "{'a\\u0000b': 1}" }],
    ['an error that quotes half of a pair', { cel: "input.m['x'.substring(0, 0) + input.k]" }],
    ['an error that quotes a NUL character', { cel: "input.m['\\u0000']" }],
  ])('an expression that makes %s fails its execution, which ends', async (_, x) => {
    const definition = { ...echo, name: unique('echo'), nodes: [{ id: 'a', type: 'transform', set: { x } }] };
    const id = await publish(developer, definition);
    const run = await start(developer, id, { m: {}, k: `${'x'.repeat(99)}😀` });
    expect(await ended(developer, run)).toMatchObject({
      status: 'failed',
      error_details: { code: 'EXPRESSION_ERROR', node: 'a' },
    });
  });

  it('a request id that is harmless is kept, another is replaced', async () => {
    const kept = await developer.get('/executions/1', { headers: { 'x-request-id': 'abc-123' } });
    expect([kept.headers.get('x-request-id'), kept.body.request_id]).toEqual(['abc-123', 'abc-123']);
    const replaced = await developer.get('/executions/1', { headers: { 'x-request-id': 'a"b\\c' } });
    expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('keeps the request id on its way to the app that owns the route', async () => {
    const answer = await developer.get('/hitl/1', { headers: { 'x-request-id': 'through-the-gateway' } });
    expect([answer.status, answer.body.request_id]).toEqual([404, 'through-the-gateway']);
  });
}
