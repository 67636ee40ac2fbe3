import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { createDataSource, TenantDb } from '../../src/index.js';
import { type FreshDatabase, freshDatabase } from '../../src/testing/index.js';

export interface TestDatabase extends FreshDatabase {
  dataSource: DataSource;
  db: TenantDb;
}

/** A database of the suite's own; the values are there once the tests run. */
export function useDatabase({ poolSize = 20 } = {}): TestDatabase {
  const holder = {} as TestDatabase;
  beforeAll(async () => {
    Object.assign(holder, await freshDatabase());
    holder.dataSource = await createDataSource(holder.appUrl, { applicationName: 'persistence-test', poolSize });
    holder.db = new TenantDb(holder.dataSource);
  });
  afterAll(async () => {
    await holder.dataSource.destroy();
    await holder.drop();
  });
  return holder;
}

/** Ends with a: easy to tell from {@link tenantB} in a failure. */
export const tenantA = (): string => randomUUID().slice(0, -1) + 'a';
export const tenantB = (): string => randomUUID().slice(0, -1) + 'b';
