import { type FieldError } from '@aumos/agf-domain';
import { authSettings, createService, defineSettings, type Service, serviceSettings } from '../../src/index.js';
import { TestIssuer, type TokenClaims } from '../../src/testing/index.js';
import { ThingsModule } from './sample-app.js';

export const sampleSettings = defineSettings({ ...serviceSettings, ...authSettings });
export const TENANT = 'a0000000-0000-4000-8000-000000000001';
export const OTHER_TENANT = 'b0000000-0000-4000-8000-000000000002';

export interface Sample {
  url: string;
  issuer: TestIssuer;
  service: Service<typeof sampleSettings>;
  /** all that was logged so far */
  logged(): string;
  lines(): Record<string, unknown>[];
  /** with a token of TENANT unless headers say otherwise; null removes a header */
  call(method: string, path: string, options?: Call): Promise<Answer>;
  close(): Promise<void>;
}
export interface Call {
  body?: string | Uint8Array | ReadableStream;
  claims?: TokenClaims;
  headers?: Record<string, string | null>;
}
export interface Answer {
  status: number;
  headers: Headers;
  /** of a problem; other answers have other members */
  json: {
    code: string;
    message: string;
    request_id: string;
    details: { fields: FieldError[] };
    [key: string]: unknown;
  };
}

/** The sample app on a free port, with an issuer of its own. */
export async function startSample(env: Record<string, string> = {}): Promise<Sample> {
  const issuer = await TestIssuer.start();
  let log = '';
  const service = await createService({
    name: 'sample',
    settings: sampleSettings,
    module: () => ThingsModule,
    http: { streams: [{ method: 'POST', url: '/api/v1/things/upload' }] },
    swagger: { title: 'Things', description: 'For tests.' },
    env: { ...issuer.env, AUMOS_AGF_PORT: '0', AUMOS_AGF_VERSION: '1.2.3', ...env },
    logs: { write: (line: string) => void (log += line) },
  });
  const url = await service.listen();
  return {
    url,
    issuer,
    service,
    logged: () => log,
    lines: () =>
      log
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    call: (method, path, options = {}) => call(issuer, method, url + path, options),
    async close() {
      await service.close();
      await issuer.close();
    },
  };
}

async function call(
  issuer: TestIssuer,
  method: string,
  url: string,
  { body, claims, headers = {} }: Call,
): Promise<Answer> {
  const token = await issuer.token({ tenant_id: TENANT, ...claims });
  const all = {
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  };
  const sent = Object.entries(all).filter((each): each is [string, string] => each[1] !== null);
  const answer = await fetch(url, { method, body, headers: sent, duplex: 'half' });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json');
  return {
    status: answer.status,
    headers: answer.headers,
    json: (isJson ? JSON.parse(text) : { text }) as Answer['json'],
  };
}
