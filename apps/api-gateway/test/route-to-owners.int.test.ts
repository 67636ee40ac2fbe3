import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Gateway, startGateway } from './support/gateway.js';

let owner: Server;
let gateway: Gateway;
const asked: string[] = [];
beforeAll(async () => {
  owner = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('{}');
  });
  await new Promise<void>((resolve) => owner.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((owner.address() as AddressInfo).port)}`;
  gateway = await startGateway({ AUMOS_AGF_HITL_APPROVAL_URL: url });
}, 120_000);
afterAll(async () => {
  await gateway.close();
  owner.closeAllConnections();
  owner.close();
});

/** As it is written: clients would tidy up the path. */
function ask(target: string): Promise<{ status: number; type: string; id: string; body: Record<string, unknown> }> {
  const { hostname, port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    let got = '';
    const lines = [`GET ${target} HTTP/1.1`, `Host: ${hostname}`, 'Connection: close', '', ''];
    const socket = connect(Number(port), hostname, () => socket.write(lines.join('\r\n')));
    socket.on('data', (chunk) => (got += chunk.toString()));
    socket.on('error', reject).on('close', () => {
      const [head = '', body = ''] = got.split('\r\n\r\n');
      const header = (name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';
      const status = Number(/^HTTP\/1.1 (\d+)/.exec(head)?.[1]);
      const json = /\{.*\}/s.exec(body)?.[0] ?? '{}';
      resolve({
        status,
        type: header('content-type'),
        id: header('x-request-id'),
        body: JSON.parse(json) as Record<string, unknown>,
      });
    });
  });
}

it.each([
  '/api/v1/hitl/..%2f..%2fready',
  '/api/v1/hitl/%2e%2e',
  '/api/v1/hitl/%2e%2e/%2e%2e/ready',
  '/api/v1/hitl/..\\..\\ready',
  '/api/v1/circuit-breakers/..%5cready',
  '/api/v1/circuit-breakers/%2e%2e?state=open',
  'http://other.example/api/v1/hitl/pending',
])('%s is refused with a problem, and the owner is not asked', async (target) => {
  const { status, type, id, body } = await ask(target);
  expect(type).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({ status: 400, code: 'VALIDATION_ERROR', request_id: id, details: {} });
  expect([status, asked]).toEqual([400, []]);
});

it('an owner that is away is a problem as well', async () => {
  const { status, type, body } = await ask('/api/v1/circuit-breakers');
  expect([status, body['code']]).toEqual([503, 'SERVICE_UNAVAILABLE']);
  expect(type).toMatch(/^application\/problem\+json/);
});
