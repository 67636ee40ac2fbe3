import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppRelay, Nudges } from '@aumos/agf-events';
import {
  type ArtifactContents,
  ArtifactsRepository,
  ArtifactStore,
  createDataSource,
  IdempotencyRepository,
  InboxRepository,
  OutboxRepository,
  PayloadStore,
  provideContents,
  RetentionRepository,
  TenantDb,
} from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { eventually, testStack } from '@aumos/agf-testing';
import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { WorkerSettings } from '../src/config.js';
import { Housekeeping } from '../src/housekeeping/housekeeping.js';
import { RemoveOld } from '../src/housekeeping/remove-old.js';

const SETTINGS = {
  retentionDaysInbox: 31,
  retentionDaysOutbox: 7,
  retentionDaysStatistics: 90,
  retentionDaysNotices: 90,
  retentionDaysApprovalChanges: 14,
  retentionDaysIncompleteArtifacts: 1,
  housekeepingIntervalSeconds: 1,
} as WorkerSettings;
const NEVER = new AbortController().signal;
const META = { name: 'n', content_type: 'c', created_by: 'dev' };

describe('what is too old', () => {
  const tenants = [randomUUID(), randomUUID()];
  let database: FreshDatabase;
  let app: DataSource;
  let sweeper: DataSource;
  let admin: DataSource;
  let relay: AppRelay;
  let db: TenantDb;
  let store: ArtifactStore;
  let payloads: PayloadStore;
  let removeOld: RemoveOld;

  beforeAll(async () => {
    // Failures are part of it.
    Logger.overrideLogger(false);
    database = await freshDatabase();
    app = await createDataSource(database.appUrl, { applicationName: 'housekeeping' });
    sweeper = await createDataSource(database.sweeperUrl, { applicationName: 'housekeeping', poolSize: 2 });
    admin = await new DataSource({ type: 'postgres', url: database.adminUrl, installExtensions: false }).initialize();
    const { kafka } = testStack();
    // Not started: it sends nothing here.
    relay = new AppRelay(
      {
        relayDatabaseUrl: database.relayUrl,
        brokers: kafka.split(','),
        topicPrefix: `${randomUUID()}-`,
        replicationFactor: 1,
        clientId: 'housekeeping',
      },
      new Nudges(),
    );
    db = new TenantDb(app);
    // The other storage is not there: its artifacts cannot be removed, and keep nobody waiting.
    store = await storeInPostgres();
    payloads = new PayloadStore(db, await inPostgres());
    removeOld = new RemoveOld(new RetentionRepository(sweeper), store, payloads, relay, SETTINGS);
  });
  afterAll(async () => {
    await relay.onApplicationShutdown();
    for (const each of [app, sweeper, admin]) await each.destroy();
    await database.drop();
  });

  const inPostgres = (): Promise<ArtifactContents> =>
    provideContents({ store: 'postgres' }, db, new ArtifactsRepository(db));

  async function storeInPostgres(): Promise<ArtifactStore> {
    return new ArtifactStore(db, new ArtifactsRepository(db), await inPostgres());
  }

  /** One of everything, fresh; `days` later it is as old. */
  async function leave(tenant: string, days: number): Promise<void> {
    const event = {
      event_id: randomUUID(),
      event_type: 'agf.workflow.started' as const,
      tenant_id: tenant,
      aggregate_type: 'execution' as const,
      aggregate_id: randomUUID(),
      actor_id: 'dev',
      correlation_id: 'c',
      occurred_at: new Date().toISOString(),
      data: {},
    };
    const taken = { event_id: event.event_id, event_type: 'x', aggregate_key: 'k', aggregate_version: 1 };
    const key = { scope: 's', key: randomUUID(), body_hash: 'b', resource_id: randomUUID() };
    const ids = await db.run(tenant, async () => {
      await new OutboxRepository(db).appendEvent(event);
      await new InboxRepository(db).take('g', taken);
      await new IdempotencyRepository(db).claim({ ...key, ttl_seconds: 86_400 });
      const artifacts = new ArtifactsRepository(db);
      const [here, away] = [await artifacts.create(META), await artifacts.create({ ...META, storage: 's3' })];
      await artifacts.appendChunk(here, 0, Buffer.from('x'));
      return [here, away];
    });
    const ago = `now() - interval '${String(days)} days'`;
    await admin.transaction(async (em) => {
      // Without triggers: only so can a row be old.
      await em.query('set local session_replication_role = replica');
      await em.query(`update agf_outbox set published_at = ${ago} where id = $1`, [event.event_id]);
      await em.query(`update agf_inbox set created_at = ${ago} where event_id = $1`, [event.event_id]);
      await em.query(`update agf_idempotency_keys set expires_at = ${ago} + interval '1 day' where key = $1`, [
        key.key,
      ]);
      await em.query(`update agf_artifacts set updated_at = ${ago} where id = any($1)`, [ids]);
    });
  }
  const count = async (table: string): Promise<number> =>
    Number((await admin.query<{ n: string }[]>(`select count(*) as n from ${table}`))[0]!.n);
  const TABLES = ['agf_outbox', 'agf_inbox', 'agf_idempotency_keys', 'agf_artifacts', 'agf_artifact_chunks'];
  const counts = (): Promise<number[]> => Promise.all(TABLES.map(count));

  it('goes, of every tenant, each by its own time; what fails keeps nothing else', async () => {
    for (const tenant of tenants) for (const days of [0, 6, 40]) await leave(tenant, days);
    expect(await counts()).toEqual([6, 6, 6, 12, 6]);
    const now = new Date();
    // Twice at once, as two instances would.
    await Promise.all([removeOld.run(NEVER, now), removeOld.run(NEVER, now)]);
    // Events: the oldest of each tenant. Keys and artifacts here: all but the fresh ones. Artifacts away: stay.
    expect(await counts()).toEqual([4, 4, 2, 8, 2]);
    expect(await removeOld.run(NEVER, now)).toEqual({
      idempotency_keys: 0,
      inbox: 0,
      outbox: 0,
      statistics: 0,
      notices: 0,
      approval_changes: 0,
      incomplete_artifacts: 0,
      payloads: 0,
    });
  });

  it('goes by itself, again and again, until the app ends', async () => {
    const housekeeping = new Housekeeping(removeOld, SETTINGS);
    housekeeping.onApplicationBootstrap();
    for (let round = 0; round < 2; round++) {
      const before = await count('agf_idempotency_keys');
      await leave(tenants[0]!, 40);
      await eventually(async () => (await count('agf_idempotency_keys')) === before, 'the key to go');
    }
    await housekeeping.onApplicationShutdown();
  });

  it('stays when the database is away, which is told and not thrown', async () => {
    const gone = await createDataSource(database.sweeperUrl, { applicationName: 'gone', poolSize: 1 });
    await gone.destroy();
    const removed = await new RemoveOld(new RetentionRepository(gone), store, payloads, relay, SETTINGS).run(
      NEVER,
      new Date(),
    );
    expect(removed).toMatchObject({ idempotency_keys: null, inbox: null, incomplete_artifacts: null });
    expect(removed.outbox).not.toBeNull();
  });
});
