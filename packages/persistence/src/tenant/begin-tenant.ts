import type { ClientBase } from 'pg';
import type { QueryRunner } from 'typeorm';
import { SET_TENANT } from './send-transaction.js';

/**
 * Opens the tenant's transaction. The connection pipelines, so BEGIN, the setting and the first query of the caller
 * leave in one write: the order on the wire is the order of these calls, because none of them waits before it sends.
 * TypeORM is told of the transaction, or a nested `transaction()` would begin a second one.
 * @returns waits for both and throws what went wrong; to be called before the commit
 */
export async function beginTenant(runner: QueryRunner, tenantId: string): Promise<() => Promise<void>> {
  const client = (await runner.connect()) as ClientBase;
  const sent = Promise.all([client.query('BEGIN'), client.query({ ...SET_TENANT, values: [tenantId] })]);
  sent.catch(() => undefined);
  Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 });
  return async () => void (await sent);
}
