import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataSource, IsolationsRepository, TenantDb } from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { TestIssuer } from '@aumos/agf-platform/testing';
import { EventTap } from '@aumos/agf-test-support';
import { freePort, RedisServer, testStack } from '@aumos/agf-testing';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { MONITORS } from '../plan.js';
import { MonitorProcess } from './monitor-process.js';

const TOPICS = ['agf.circuit_breaker.opened', 'agf.circuit_breaker.closed'] as const;

/** A Redis and monitors to be killed, a database and topics of their own. Seeds share them; each is a tenant. */
export class Surroundings {
  private constructor(
    readonly redis: RedisServer,
    readonly monitors: readonly MonitorProcess[],
    readonly events: EventTap,
    readonly rows: pg.Pool,
    private readonly source: DataSource,
    private readonly issuer: TestIssuer,
    private readonly database: FreshDatabase,
    /** where the monitors' logs are */
    readonly folder: string,
  ) {}

  /** @param more settings of the monitors */
  static async open(more: Record<string, string> = {}): Promise<Surroundings> {
    const [redis, database, issuer] = await Promise.all([RedisServer.start(), freshDatabase(), TestIssuer.start()]);
    const prefix = `breakers-${randomUUID().slice(0, 8)}.`;
    const folder = mkdtempSync(join(tmpdir(), 'agf-breakers-'));
    const env = {
      ...issuer.env,
      AUMOS_AGF_LOG_LEVEL: 'warn',
      AUMOS_AGF_DATABASE_URL: database.appUrl,
      AUMOS_AGF_RELAY_DATABASE_URL: database.relayUrl,
      AUMOS_AGF_SWEEPER_DATABASE_URL: database.sweeperUrl,
      AUMOS_AGF_REDIS_URL: redis.url,
      AUMOS_AGF_KAFKA_BROKERS: testStack().kafka,
      AUMOS_AGF_KAFKA_TOPIC_PREFIX: prefix,
      AUMOS_AGF_KAFKA_REPLICATION_FACTOR: '1',
      ...more,
    };
    const monitors: MonitorProcess[] = [];
    for (let i = 0; i < MONITORS; i++)
      monitors.push(new MonitorProcess(env, await freePort(), join(folder, `monitor-${String(i)}.log`)));
    for (const monitor of monitors) monitor.up();
    await Promise.all(monitors.map((monitor) => monitor.ready()));
    const events = await EventTap.open(
      testStack().kafka,
      TOPICS.map((topic) => prefix + topic),
    );
    const source = await createDataSource(database.appUrl, { applicationName: 'callers', poolSize: 4 });
    const rows = new pg.Pool({ connectionString: database.adminUrl, max: 2 });
    return new Surroundings(redis, monitors, events, rows, source, issuer, database, folder);
  }

  /** A tenant's isolations, as every app loads them for its guard. */
  isolations(tenant: string): ReturnType<IsolationsRepository['of']> {
    return new IsolationsRepository(new TenantDb(this.source)).of(tenant);
  }

  /** Of an operator of that tenant, who may do everything. */
  async token(tenant: string): Promise<string> {
    return this.issuer.token({ tenant_id: tenant, privilege_level: 5, realm_access: { roles: ['admin'] } });
  }

  /** @returns once Redis and every monitor answer */
  async ready(): Promise<void> {
    await Promise.all(this.monitors.map((monitor) => monitor.ready()));
  }

  async close(): Promise<void> {
    await Promise.all(this.monitors.map((monitor) => monitor.down('SIGTERM')));
    await this.events.close({ andTopics: true });
    await Promise.all([this.rows.end(), this.source.destroy()]);
    await Promise.all([this.redis.close(), this.issuer.close(), this.database.drop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
