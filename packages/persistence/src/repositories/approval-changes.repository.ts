import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import { ApprovalChangeEntity, ApprovalEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findByIds } from './find.js';

/** Of one statement. */
const BATCH = 5_000;
const LOCK = `select pg_advisory_xact_lock(hashtextextended('agf-approval-changes/' || $1, 0))`;
const STATE = `
  select coalesce(max(position), 0)::float8 as last,
    exists (select from agf_hitl_approval_changes where position is null) as more
  from agf_hitl_approval_changes where position is not null`;
/** Never before one that was given, and never one that was given before: also where the last ones are forgotten. */
const PLACE = `
  update agf_hitl_approval_changes c set position = before.last + fresh.nth
  from (select tenant_id, id, row_number() over (order by seq) as nth from agf_hitl_approval_changes
      where position is null order by seq limit ${String(BATCH)}) fresh,
    (select greatest(coalesce(max(position), 0), floor(extract(epoch from clock_timestamp()) * 1000)::bigint) as last
      from agf_hitl_approval_changes where position is not null) before
  where c.tenant_id = fresh.tenant_id and c.id = fresh.id`;

export interface Placed {
  /** position of the last change; 0: there is none */
  last: number;
  /** there are changes without a position yet */
  more: boolean;
}

/** A change, and its approval as it is now. */
export interface ApprovalChange {
  change: ApprovalChangeEntity & { position: number };
  /** null: it is gone */
  approval: ApprovalEntity | null;
}

/** Changes of approvals in one order a tenant. Every method needs an open tenant scope. */
@Injectable()
export class ApprovalChangesRepository {
  constructor(private readonly db: TenantDb) {}

  /**
   * Gives those a position that have none, to so many at a time. One after the other: what a later one finds is after
   * what an earlier one was shown.
   */
  async place(): Promise<Placed> {
    const found = await this.state();
    if (!found.more) return found;
    await this.db.em.query(LOCK, [this.db.tenantId]);
    await this.db.em.query(PLACE);
    return this.state();
  }

  /** In their order. */
  async after(position: number, most: number): Promise<ApprovalChange[]> {
    const changes = (await this.db.em.find(ApprovalChangeEntity, {
      where: { position: MoreThan(position) },
      order: { position: 'ASC' },
      take: most,
    })) as ApprovalChange['change'][];
    const ids = [...new Set(changes.map(({ approval_id }) => approval_id))];
    const byId = await findByIds(this.db.em, ApprovalEntity, ids);
    return changes.map((change) => ({ change, approval: byId.get(change.approval_id) ?? null }));
  }

  private async state(): Promise<Placed> {
    const [state] = await this.db.em.query<[Placed]>(STATE);
    return state;
  }
}
