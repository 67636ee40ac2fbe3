import { DataSource } from 'typeorm';
import { ENTITIES } from '../entities/index.js';

export interface DataSourceSettings {
  /** default 10 */
  poolSize?: number;
  /** seen in pg_stat_activity */
  applicationName: string;
  /** ms a statement may run; default 30 s */
  statementTimeoutMs?: number;
  /** ms a transaction may sit idle; default 30 s */
  idleInTransactionTimeoutMs?: number;
  /** told of errors of idle connections, which the pool replaces */
  onPoolError?: (error: Error) => void;
}

/** Connects; the role is the URL's. {@link assertUnprivileged} belongs right after it. */
export async function createDataSource(url: string, settings: DataSourceSettings): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    poolSize: settings.poolSize ?? 10,
    applicationName: settings.applicationName,
    entities: ENTITIES,
    synchronize: false,
    logging: false,
    installExtensions: false,
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
    poolErrorHandler: settings.onPoolError ?? (() => undefined),
    extra: {
      pipeline: true,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
      statement_timeout: settings.statementTimeoutMs ?? 30_000,
      idle_in_transaction_session_timeout: settings.idleInTransactionTimeoutMs ?? 30_000,
    },
  });
  return dataSource.initialize();
}
