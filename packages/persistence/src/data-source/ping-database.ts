import type { DataSource } from 'typeorm';

/** For readiness. @throws when PostgreSQL does not answer */
export async function pingDatabase(dataSource: DataSource): Promise<void> {
  await dataSource.query('select 1');
}
