import { randomBytes, randomUUID } from 'node:crypto';
import { ROLES } from '@aumos/agf-domain';
import { Denials, Newcomers } from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { createService, type Service } from '@aumos/agf-platform';
import { TestIssuer, type TokenClaims } from '@aumos/agf-platform/testing';
import { testStack } from '@aumos/agf-testing';
import { GatewayModule, NAME } from '../../src/app.module.js';
import { gatewaySettings } from '../../src/config.js';
import { routeToOwners } from '../../src/routes/route-to-owners.js';

export interface Answer {
  status: number;
  headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the route answers
  body: any;
}
export interface Gateway {
  url: string;
  app: Service<typeof gatewaySettings>['app'];
  database: FreshDatabase;
  tenant: string;
  /** below /api/v1, by default with a token of `tenant` that has every role and level 5 */
  call(method: string, path: string, body?: unknown, more?: CallOptions): Promise<Answer>;
  /** with the same token, by default GET; the answer as it came */
  raw(path: string, more?: CallOptions & RequestInit): Promise<Response>;
  /** of that token, with other claims */
  authorization(claims?: TokenClaims): Promise<{ authorization: string }>;
  close(): Promise<void>;
}
export interface CallOptions {
  headers?: Record<string, string>;
  claims?: TokenClaims;
}

const TITLE = { title: 'Gateway', description: 'Under test.' };

/** The gateway in this process, with a database and a tenant of its own; nobody works on what it accepts. */
export async function startGateway(env: Record<string, string> = {}): Promise<Gateway> {
  const [database, issuer] = await Promise.all([freshDatabase(), TestIssuer.start()]);
  const service = await createService({
    name: NAME,
    settings: gatewaySettings,
    module: (settings) => GatewayModule.with(settings),
    swagger: TITLE,
    denials: (app) => (denial) => app.get(Denials).write(denial),
    actors: (app) => (actor) => app.get(Newcomers).see(actor),
    http: { streams: [{ method: 'POST', url: '/api/v1/artifacts' }], configure: routeToOwners },
    env: {
      ...issuer.env,
      AUMOS_AGF_PORT: '0',
      AUMOS_AGF_LOG_LEVEL: 'silent',
      AUMOS_AGF_DATABASE_URL: database.appUrl,
      AUMOS_AGF_REDIS_URL: testStack().redis,
      AUMOS_AGF_SECRETS_KEY: randomBytes(32).toString('base64'),
      AUMOS_AGF_HITL_APPROVAL_URL: 'http://127.0.0.1:1',
      AUMOS_AGF_CIRCUIT_BREAKER_MONITOR_URL: 'http://127.0.0.1:1',
      ...env,
    },
  });
  const url = await service.listen();
  const tenant = randomUUID();
  const authorization = async (claims: TokenClaims = {}): Promise<{ authorization: string }> => {
    const all = { tenant_id: tenant, privilege_level: 5, realm_access: { roles: [...ROLES] }, ...claims };
    return { authorization: `Bearer ${await issuer.token(all)}` };
  };
  return {
    url,
    app: service.app,
    database,
    tenant,
    authorization,
    async call(method, path, body, { headers = {}, claims = {} } = {}) {
      const answer = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          ...(await authorization(claims)),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, body: text && (JSON.parse(text) as unknown) };
    },
    async raw(path, { headers = {}, claims = {}, ...init } = {}) {
      return fetch(`${url}/api/v1${path}`, { ...init, headers: { ...(await authorization(claims)), ...headers } });
    },
    async close() {
      await service.close();
      await issuer.close();
      await database.drop();
    },
  };
}
