import { randomBytes, randomUUID } from 'node:crypto';
import { type ApprovalStart } from '@aumos/agf-engine/common';
import { Denials, ExecutionsRepository, DefinitionsRepository, TenantDb } from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { createService, type Service } from '@aumos/agf-platform';
import { TestIssuer, type TokenClaims } from '@aumos/agf-platform/testing';
import { testStack } from '@aumos/agf-testing';
import { ApprovalModule, NAME } from '../../src/app.module.js';
import { OpenApproval } from '../../src/approvals/open-approval.js';
import { approvalSettings } from '../../src/config.js';

export interface Answer {
  status: number;
  headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the route answers
  body: any;
}

/** The service in this process, without its consumer and without Temporal, with a database and topics of its own. */
export interface ListeningApprovals {
  app: Service<typeof approvalSettings>['app'];
  db: TenantDb;
  database: FreshDatabase;
  url: string;
  /** below /api/v1/hitl, with a token of the tenant that has the role admin and level 5 unless claimed otherwise */
  call(tenant: string, method: string, path: string, more?: { body?: unknown; claims?: TokenClaims }): Promise<Answer>;
  authorization(claims: TokenClaims): Promise<string>;
  /** @returns the id of an approval that was asked for */
  ask(tenant: string, more?: Partial<ApprovalStart>): Promise<string>;
  close(): Promise<void>;
}

export async function startApprovals(env: Record<string, string> = {}): Promise<ListeningApprovals> {
  const [database, issuer] = await Promise.all([freshDatabase(), TestIssuer.start()]);
  const service = await createService({
    name: NAME,
    settings: approvalSettings,
    module: (settings) => ApprovalModule.with(settings),
    swagger: { title: 'Approvals', description: 'Under test.' },
    denials: (app) => (denial) => app.get(Denials).write(denial),
    env: {
      ...issuer.env,
      AUMOS_AGF_PORT: '0',
      AUMOS_AGF_LOG_LEVEL: 'silent',
      AUMOS_AGF_DATABASE_URL: database.appUrl,
      AUMOS_AGF_RELAY_DATABASE_URL: database.relayUrl,
      AUMOS_AGF_SWEEPER_DATABASE_URL: database.sweeperUrl,
      AUMOS_AGF_REDIS_URL: testStack().redis,
      AUMOS_AGF_KAFKA_BROKERS: testStack().kafka,
      AUMOS_AGF_KAFKA_REPLICATION_FACTOR: '1',
      AUMOS_AGF_KAFKA_TOPIC_PREFIX: `t-${randomUUID().slice(0, 8)}.`,
      AUMOS_AGF_TEMPORAL_SERVER_URL: '127.0.0.1:1',
      AUMOS_AGF_SECRETS_KEY: randomBytes(32).toString('base64'),
      AUMOS_AGF_OUTGOING_ALLOW: '127.0.0.1',
      ...env,
    },
  });
  const url = await service.listen();
  const db = service.app.get(TenantDb);
  const authorization = async (claims: TokenClaims): Promise<string> => {
    const all = { privilege_level: 5, realm_access: { roles: ['admin'] }, ...claims };
    return `Bearer ${await issuer.token(all)}`;
  };
  return {
    app: service.app,
    db,
    database,
    url,
    authorization,
    async call(tenant_id, method, path, { body, claims } = {}) {
      const answer = await fetch(`${url}/api/v1/hitl${path}`, {
        method,
        headers: {
          authorization: await authorization({ tenant_id, ...claims }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, body: text && (JSON.parse(text) as unknown) };
    },
    async ask(tenant_id, more = {}) {
      const start = await aStart(db, tenant_id);
      await service.app.get(OpenApproval).run({ ...start, ...more });
      return start.approval_id;
    },
    async close() {
      await service.close();
      await issuer.close();
      await database.drop();
    },
  };
}

/** Of an execution that is there. */
export async function aStart(db: TenantDb, tenant_id: string): Promise<ApprovalStart> {
  const [execution_id, approval_id] = [randomUUID(), randomUUID()];
  const name = `flow-${execution_id}`;
  const nodes = [{ id: 'a', type: 'transform' as const, set: {} }];
  const edges = [
    { source: 'START', target: 'a' },
    { source: 'a', target: 'END' },
  ];
  const definition = { schema: 'agf/workflow/v1' as const, name, nodes, edges };
  const version = { definition, content_hash: 'h', warnings: [], published_by: 'dev' };
  const made = await db.run(tenant_id, () =>
    new DefinitionsRepository(db).createWithVersion({ name, created_by: 'dev' }, version),
  );
  const workflow_id = made!.workflow.id;
  const execution = {
    ...{ id: execution_id, workflow_id, workflow_version: 1, input_data: null },
    ...{ temporal_workflow_id: `t/${execution_id}`, initiator: 'starter', initiator_level: 5 as const },
    ...{ initiator_roles: [], correlation_id: execution_id },
  };
  await new ExecutionsRepository(db).accept(tenant_id, execution, { defaultLimit: 1_000 });
  return {
    ...{ tenant_id, approval_id, execution_id, workflow_id, node: 'a', visit: 1, gate_name: 'g' },
    ...{ tool: 'table_load', tool_version: 1, arguments: { table: 'CANARY-argument' } },
    ...{ action_description: 'Load a <table> & more', privilege_level: 4, approvals_required: 1 },
    ...{ payload_hash: 'h', requested_by: 'starter', auto_reject_on_timeout: true },
    ...{ expires_at: new Date(Date.now() + 3_600_000).toISOString(), escalation_policy: 'notify_admin' },
    ...{ requested_at: new Date().toISOString(), notify: `t/${execution_id}` },
  };
}
