import { randomUUID } from 'node:crypto';
import { ROLES } from '@aumos/agf-domain';
import { appConsumer } from '@aumos/agf-events';
import { Denials } from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { createService, type Service } from '@aumos/agf-platform';
import { TestIssuer, type TokenClaims } from '@aumos/agf-platform/testing';
import { testStack } from '@aumos/agf-testing';
import { MonitorModule, NAME } from '../../src/app.module.js';
import { monitorSettings } from '../../src/config.js';
import { ownRedis } from './own-redis.js';

export interface Answer {
  status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the route answers
  body: any;
}

/** The monitor in this process, without its consumer unless it is asked for, with a database and topics of its own. */
export interface ListeningMonitor {
  app: Service<typeof monitorSettings>['app'];
  database: FreshDatabase;
  /** where another one finds the same Redis and the same database */
  env: Record<string, string>;
  url: string;
  /** below /api/v1/circuit-breakers, with a token of the tenant that has every role and level 5 unless claimed otherwise */
  call(tenant: string, method: string, path: string, more?: { body?: unknown; claims?: TokenClaims }): Promise<Answer>;
  authorization(tenant: string, claims?: TokenClaims): Promise<string>;
  close(): Promise<void>;
}

/** @param consumes whether it takes events from Kafka */
export async function startMonitor(
  env: Record<string, string> = {},
  { consumes = false } = {},
): Promise<ListeningMonitor> {
  const [database, issuer] = await Promise.all([freshDatabase(), TestIssuer.start()]);
  const shared = {
    AUMOS_AGF_DATABASE_URL: database.appUrl,
    AUMOS_AGF_RELAY_DATABASE_URL: database.relayUrl,
    AUMOS_AGF_SWEEPER_DATABASE_URL: database.sweeperUrl,
    AUMOS_AGF_REDIS_URL: env['AUMOS_AGF_REDIS_URL'] ?? (await ownRedis()),
  };
  const service = await createService({
    name: NAME,
    settings: monitorSettings,
    module: (settings) => MonitorModule.with(settings),
    swagger: { title: 'Monitor', description: 'Under test.' },
    ...(consumes ? { microservice: appConsumer } : {}),
    denials: (app) => (denial) => app.get(Denials).write(denial),
    env: {
      ...issuer.env,
      AUMOS_AGF_PORT: '0',
      AUMOS_AGF_LOG_LEVEL: 'silent',
      ...shared,
      AUMOS_AGF_KAFKA_BROKERS: testStack().kafka,
      AUMOS_AGF_KAFKA_REPLICATION_FACTOR: '1',
      AUMOS_AGF_KAFKA_TOPIC_PREFIX: `t-${randomUUID().slice(0, 8)}.`,
      ...env,
    },
  });
  const url = await service.listen();
  const authorization = async (tenant: string, claims: TokenClaims = {}): Promise<string> => {
    const all = { tenant_id: tenant, privilege_level: 5, realm_access: { roles: [...ROLES] }, ...claims };
    return `Bearer ${await issuer.token(all)}`;
  };
  return {
    app: service.app,
    database,
    env: shared,
    url,
    authorization,
    async call(tenant, method, path, { body, claims } = {}) {
      const answer = await fetch(`${url}/api/v1/circuit-breakers${path}`, {
        method,
        headers: {
          authorization: await authorization(tenant, claims),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text && (JSON.parse(text) as unknown) };
    },
    async close() {
      await service.close();
      await issuer.close();
      await database.drop();
    },
  };
}
