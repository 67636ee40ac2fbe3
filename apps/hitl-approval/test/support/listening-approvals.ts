import { randomUUID } from 'node:crypto';
import { appConsumer } from '@aumos/agf-events';
import { Denials } from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { createService, type Service } from '@aumos/agf-platform';
import { TestIssuer } from '@aumos/agf-platform/testing';
import { testStack } from '@aumos/agf-testing';
import { ApprovalModule, NAME } from '../../src/app.module.js';
import { approvalSettings } from '../../src/config.js';

/** hitl-approval in this process, with a database and topics of its own. */
export interface ListeningApprovals {
  app: Service<typeof approvalSettings>['app'];
  database: FreshDatabase;
  /** of an approver of level 5, for the authorization header */
  approver(tenant: string, sub: string): Promise<string>;
  /** below /api/v1/hitl. @returns the status */
  post(authorization: string, path: string, body?: object): Promise<number>;
  close(): Promise<void>;
}

export async function startApprovals(): Promise<ListeningApprovals> {
  const [database, issuer, stack] = [await freshDatabase(), await TestIssuer.start(), testStack()];
  const service = await createService({
    name: NAME,
    settings: approvalSettings,
    module: (settings) => ApprovalModule.with(settings),
    swagger: { title: 'Approvals', description: 'Under test.' },
    microservice: appConsumer,
    denials: (app) => (denial) => app.get(Denials).write(denial),
    env: {
      ...issuer.env,
      AUMOS_AGF_PORT: '0',
      AUMOS_AGF_LOG_LEVEL: 'silent',
      AUMOS_AGF_DATABASE_URL: database.appUrl,
      AUMOS_AGF_RELAY_DATABASE_URL: database.relayUrl,
      AUMOS_AGF_SWEEPER_DATABASE_URL: database.sweeperUrl,
      AUMOS_AGF_REDIS_URL: stack.redis,
      AUMOS_AGF_KAFKA_BROKERS: stack.kafka,
      AUMOS_AGF_KAFKA_REPLICATION_FACTOR: '1',
      AUMOS_AGF_KAFKA_TOPIC_PREFIX: `t-${randomUUID().slice(0, 8)}.`,
      AUMOS_AGF_TEMPORAL_SERVER_URL: stack.temporal,
      AUMOS_AGF_TEMPORAL_NAMESPACE: stack.temporal_namespace,
    },
  });
  const url = await service.listen();
  return {
    app: service.app,
    database,
    async approver(tenant, sub) {
      const claims = { tenant_id: tenant, sub, privilege_level: 5, realm_access: { roles: ['approver'] } };
      return `Bearer ${await issuer.token(claims)}`;
    },
    async post(authorization, path, body = {}) {
      const answer = await fetch(`${url}/api/v1/hitl${path}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      await answer.arrayBuffer();
      return answer.status;
    },
    async close() {
      await service.close();
      await issuer.close();
      await database.drop();
    },
  };
}
