import { type BreakerState } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

const TENANTS = `select distinct tenant_id from agf_circuit_breakers
  union select distinct tenant_id from agf_breaker_isolations`;
const COUNTS = `select state, split_part(circuit_key, ':', 1) as kind, count(*)::int as count
  from agf_circuit_breakers group by 1, 2`;
const ISOLATED = `select count(*)::int as count from agf_breaker_isolations
  where expires_at is null or expires_at > clock_timestamp()`;

export interface UnclosedCount {
  state: Exclude<BreakerState, 'closed'>;
  kind: string;
  count: number;
}

/**
 * What is not closed or is isolated, of all tenants. Takes a data source of the role `agf_sweeper`, which sees no other
 * breakers and nothing of why.
 */
@Injectable()
export class WatchedBreakersRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Tenants that have any. */
  async tenants(): Promise<string[]> {
    const rows = await this.dataSource.query<{ tenant_id: string }[]>(TENANTS);
    return rows.map(({ tenant_id }) => tenant_id);
  }

  async unclosed(): Promise<UnclosedCount[]> {
    return this.dataSource.query<UnclosedCount[]>(COUNTS);
  }

  /** How many are isolated now. */
  async isolated(): Promise<number> {
    const [row] = await this.dataSource.query<{ count: number }[]>(ISOLATED);
    return row?.count ?? 0;
  }
}
