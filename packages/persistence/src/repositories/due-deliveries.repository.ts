import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

export interface DueDelivery {
  tenant_id: string;
  id: string;
  /** which claim of it this is */
  claims: number;
}

/** The oldest notices first; each tenant's are handled in the tenant's own scope. */
const UNSENT = `select tenant_id, min(created_at) as first from agf_hitl_notices where sent_at is null
  group by tenant_id order by first limit $1`;

/**
 * Of every tenant that has any only so many, so that a tenant with many, or with slow receivers, does not hold up the
 * others. The tenants are found one by one in the index: what waits of each is not counted.
 */
const CLAIM = `
  with recursive tenants as (
    (select tenant_id from agf_hitl_deliveries where status = 'pending' order by tenant_id limit 1)
    union all
    select (select d.tenant_id from agf_hitl_deliveries d where d.status = 'pending' and d.tenant_id > t.tenant_id
      order by d.tenant_id limit 1)
    from tenants t where t.tenant_id is not null),
  due as (
    select one.tenant_id, one.id from tenants t cross join lateral (
      select d.tenant_id, d.id, d.next_at from agf_hitl_deliveries d
      where d.tenant_id = t.tenant_id and d.tenant_id <> all($4::uuid[]) and d.status = 'pending' and d.next_at <= clock_timestamp()
      order by d.next_at limit $2 for update skip locked) one
    order by one.next_at limit $1)
  update agf_hitl_deliveries d set claims = d.claims + 1, next_at = clock_timestamp() + make_interval(secs => $3)
  from due where d.tenant_id = due.tenant_id and d.id = due.id
  returning d.tenant_id, d.id, d.claims`;

/**
 * What is to be told, of all tenants. Takes a data source of the role `agf_sweeper`, which sees ids and times, and
 * can put off what is due, and nothing else.
 */
@Injectable()
export class DueDeliveriesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Tenants with notices that are not handed to their channels yet. */
  async tenantsToTell(limit = 100): Promise<string[]> {
    const rows = await this.dataSource.query<{ tenant_id: string }[]>(UNSENT, [limit]);
    return rows.map(({ tenant_id }) => tenant_id);
  }

  /**
   * Nobody else gets what this returns, until `leaseSeconds` are over without an end of it: then whoever claimed it is
   * taken for dead.
   */
  async claim({
    limit,
    perTenant,
    leaseSeconds,
    but = [],
  }: {
    limit: number;
    perTenant: number;
    leaseSeconds: number;
    /** tenants whose deliveries are left alone */
    but?: readonly string[];
  }): Promise<DueDelivery[]> {
    const [rows] = await this.dataSource.query<[DueDelivery[], number]>(CLAIM, [limit, perTenant, leaseSeconds, but]);
    return rows;
  }
}
