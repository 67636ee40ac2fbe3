import { randomBytes, randomUUID } from 'node:crypto';
import { type DomainEvent } from '@aumos/agf-domain';
import { createDataSource, OutboxRepository, TenantDb } from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { testStack } from '@aumos/agf-testing';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { type DataSource } from 'typeorm';
import { ensureTopics, OutboxRelay, type OutboxRelayOptions } from '../../src/index.js';

/** A database and ten topics of the suite's own on the shared services. */
export interface World {
  db: FreshDatabase;
  dataSource: DataSource;
  tenants: TenantDb;
  /** superuser: sees all tenants */
  admin: pg.Client;
  brokers: string[];
  kafka: Kafka;
  prefix: string;
  /** appends events, each in a transaction of its own */
  append(...events: DomainEvent[]): Promise<void>;
  relay(options?: Partial<OutboxRelayOptions>): OutboxRelay;
  unpublished(): Promise<number>;
  close(): Promise<void>;
}

export async function aWorld(partitions = 3): Promise<World> {
  const brokers = testStack().kafka.split(',');
  const prefix = `t${randomBytes(4).toString('hex')}.`;
  const [db] = await Promise.all([
    freshDatabase(),
    ensureTopics(brokers, { prefix, partitions, replicationFactor: 1 }),
  ]);
  const dataSource = await createDataSource(db.appUrl, { applicationName: 'events-test' });
  const tenants = new TenantDb(dataSource);
  const outbox = new OutboxRepository(tenants);
  const admin = new pg.Client(db.adminUrl);
  await admin.connect();
  const kafka = new Kafka({ clientId: 'test', brokers, logLevel: logLevel.NOTHING });
  return {
    db,
    dataSource,
    tenants,
    admin,
    brokers,
    kafka,
    prefix,
    async append(...events) {
      for (const event of events) await tenants.run(event.tenant_id, () => outbox.appendEvent(event));
    },
    relay: (options) =>
      new OutboxRelay({
        databaseUrl: db.relayUrl,
        brokers,
        clientId: `relay-${randomUUID()}`,
        topicPrefix: prefix,
        pollMs: 50,
        settleMs: 500,
        onWedged: (why) => {
          throw new Error(why);
        },
        ...options,
      }),
    async unpublished() {
      const { rows } = await admin.query('select count(*)::int as n from agf_outbox where published_at is null');
      return rows[0].n as number;
    },
    async close() {
      await Promise.all([dataSource.destroy(), admin.end()]);
      await db.drop();
      await removeTopics(kafka, prefix);
    },
  };
}

async function removeTopics(kafka: Kafka, prefix: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
  await admin.deleteTopics({ topics });
  await admin.disconnect();
}
