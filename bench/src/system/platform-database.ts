import { type Json } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import pg from 'pg';

const UNDER_WAY = `select (select count(*) from agf_workflow_executions where status in ('pending', 'running'))
  + (select count(*) from agf_outbox where published_at is null) as count`;

const ENDED = `select id, status, output_data as output, error_details as error,
    extract(epoch from completed_at - created_at)::float8 * 1000 as took_ms
  from agf_workflow_executions where id = any($1::uuid[]) and completed_at is not null`;

/** An execution's row, once it has ended. */
export interface EndedRun {
  id: string;
  status: string;
  output: Json;
  error: Json;
  /** from when it was accepted to when its end was recorded, by PostgreSQL's clock */
  took_ms: number;
}

/** The platform's database as its administrator sees it: all tenants at once. */
export class PlatformDatabase {
  private readonly pool: pg.Pool;

  constructor(url: string) {
    this.pool = new pg.Pool({ connectionString: url, max: 2, application_name: 'agf-bench' });
  }

  /** Until no execution runs and no event waits: what one round began must not burden the next. */
  async drained(): Promise<void> {
    const nothingLeft = async (): Promise<boolean> => {
      const { rows } = await this.pool.query<{ count: string }>(UNDER_WAY);
      return rows[0]?.count === '0';
    };
    await eventually(nothingLeft, 'the executions to end', { timeoutMs: 300_000, everyMs: 20 });
  }

  /** Those of them that have ended. */
  async ended(executionIds: readonly string[]): Promise<EndedRun[]> {
    return (await this.pool.query<EndedRun>({ name: 'ended', text: ENDED, values: [executionIds] })).rows;
  }

  /** The open approval of an execution that is paused for it. */
  async pausedFor(executionId: string): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ id: string }>(
      `select a.id from agf_hitl_approvals a join agf_workflow_executions e on e.id = a.execution_id
       where e.id = $1 and e.status = 'paused_hitl' and a.status = 'pending'`,
      [executionId],
    );
    return rows[0]?.id;
  }

  /** How many visits of an execution are journalled, as having ended. */
  async visits(executionId: string): Promise<number> {
    const { rows } = await this.pool.query<{ count: string }>(
      `select count(*) from agf_node_visits where execution_id = $1 and status = 'completed'`,
      [executionId],
    );
    return Number(rows[0]?.count);
  }

  /** From the first begin of an execution's visits to their last end, ms. */
  async nodesTook(executionId: string): Promise<number> {
    const { rows } = await this.pool.query<{ took_ms: number }>(
      `select extract(epoch from max(completed_at) - min(started_at))::float8 * 1000 as took_ms
       from agf_node_visits where execution_id = $1`,
      [executionId],
    );
    return rows[0]!.took_ms;
  }

  /** @param limit executions at once; null: the platform's default */
  async limitTenant(tenantId: string, limit: number | null): Promise<void> {
    await this.pool.query(
      `insert into agf_tenant_quotas (tenant_id, in_use, max_concurrent_workflows) values ($1, 0, $2)
       on conflict (tenant_id) do update set max_concurrent_workflows = excluded.max_concurrent_workflows`,
      [tenantId, limit],
    );
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
