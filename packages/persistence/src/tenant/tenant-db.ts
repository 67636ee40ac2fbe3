import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { ClientBase, QueryResultRow } from 'pg';
import { DataSource, type EntityManager, QueryFailedError, type QueryRunner } from 'typeorm';
import { beginTenant } from './begin-tenant.js';
import { sendAll, sendTransaction, type Statement } from './send-transaction.js';

interface Scope {
  readonly tenantId: string;
  readonly em: EntityManager;
  readonly hooks: (() => unknown)[];
  readonly last: Statement[];
  closed: boolean;
}
const scopes = new AsyncLocalStorage<Scope>();
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** serialization_failure, deadlock_detected */
const RETRYABLE = new Set(['40001', '40P01']);

export interface RunOptions {
  /** how often a serialization failure or a deadlock starts `fn` again; default 0. `fn` must then be repeatable. */
  retries?: number;
}

/**
 * The only door to the tenants' tables: there is no injectable repository, so no query runs outside a tenant's transaction.
 * Never hold a scope across a call to a model or over HTTP.
 */
@Injectable()
export class TenantDb {
  /** Told of a failed {@link afterCommit} hook. */
  onHookError: (error: unknown) => void = () => undefined;

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `fn` in one transaction of the tenant. A nested call for the same tenant joins the outer one.
   * @throws Error when tenantId is no uuid, or differs from the outer scope's
   */
  async run<T>(tenantId: string, fn: (em: EntityManager) => Promise<T>, options: RunOptions = {}): Promise<T> {
    if (!UUID.test(tenantId)) throw new Error('a tenant id must be a uuid');
    const outer = scopes.getStore();
    if (outer && !outer.closed) {
      if (outer.tenantId !== tenantId.toLowerCase())
        throw new Error('a scope of one tenant cannot hold a scope of another');
      return fn(outer.em);
    }
    for (let left = options.retries ?? 0; ; left--) {
      try {
        return await this.transaction(tenantId.toLowerCase(), fn);
      } catch (error) {
        if (left <= 0 || !isRetryable(error)) throw error;
      }
    }
  }

  /**
   * Runs statements that need no answer of each other as one transaction of the tenant, sent in one write: its locks
   * last no longer than the server needs, however busy this process is.
   * @returns the rows of each
   * @throws Error when tenantId is no uuid, or inside an open scope, whose transaction this would not be
   */
  async send(tenantId: string, statements: readonly Statement[]): Promise<QueryResultRow[][]> {
    if (!UUID.test(tenantId)) throw new Error('a tenant id must be a uuid');
    return this.alone((client) => sendTransaction(client, tenantId.toLowerCase(), statements));
  }

  /**
   * One statement as a transaction of its own, which sets the tenant itself: a call of a function that begins so. Without
   * that it would see no row, and write none.
   * @throws Error inside an open scope
   */
  async sendOne(statement: Statement): Promise<QueryResultRow[]> {
    return this.alone(async (client) => sendAll(client, [statement])[0]!);
  }

  private async alone<T>(work: (client: ClientBase) => Promise<T>): Promise<T> {
    const outer = scopes.getStore();
    if (outer && !outer.closed) throw new Error('a transaction of its own cannot be sent inside a scope');
    const runner = this.dataSource.createQueryRunner();
    try {
      return await work((await runner.connect()) as ClientBase);
    } finally {
      await runner.release();
    }
  }

  /** The open scope's manager. @throws Error outside a scope, or after its end */
  get em(): EntityManager {
    return this.scope().em;
  }

  /** @throws Error outside a scope */
  get tenantId(): string {
    return this.scope().tenantId;
  }

  /**
   * Calls `hook` once the outermost transaction is committed; never after a rollback. Nobody waits for it and its
   * failure changes nothing: it is for hints (a relay's nudge), not for effects.
   */
  afterCommit(hook: () => unknown): void {
    this.scope().hooks.push(hook);
  }

  /**
   * Sends the statement in one write with the COMMIT: a row that many wait for is locked no longer than the server
   * needs. When it fails, the transaction does.
   */
  atCommit(statement: Statement): void {
    this.scope().last.push(statement);
  }

  private scope(): Scope {
    const scope = scopes.getStore();
    if (!scope || scope.closed) throw new Error('no open tenant scope: call TenantDb.run()');
    return scope;
  }

  private async transaction<T>(tenantId: string, fn: (em: EntityManager) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const scope: Scope = { tenantId, em: runner.manager, hooks: [], last: [], closed: false };
    let result: T;
    try {
      const begun = await beginTenant(runner, tenantId);
      try {
        result = await scopes.run(scope, () => fn(runner.manager));
      } finally {
        // A promise that leaked out of fn cannot reach the connection through the scope any more.
        scope.closed = true;
      }
      await begun();
      await commit(runner, scope.last);
    } catch (error) {
      await rollback(runner);
      throw error;
    } finally {
      await runner.release();
    }
    for (const hook of scope.hooks) void this.call(hook);
    return result;
  }

  private async call(hook: () => unknown): Promise<void> {
    try {
      await hook();
    } catch (error) {
      this.onHookError(error);
    }
  }
}

/** The COMMIT waits for nothing before it leaves; that of a failed transaction is a rollback. */
async function commit(runner: QueryRunner, last: readonly Statement[]): Promise<void> {
  const sent = sendAll((await runner.connect()) as ClientBase, last);
  await runner.commitTransaction();
  await Promise.all(sent);
}

async function rollback(runner: QueryRunner): Promise<void> {
  // The connection may be gone: the server has rolled back by itself, and the first error is the one to tell.
  if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
}

const isRetryable = (error: unknown): boolean =>
  error instanceof QueryFailedError && RETRYABLE.has(String((error.driverError as { code?: string }).code));
