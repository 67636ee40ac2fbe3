import { Injectable } from '@nestjs/common';
import { StandingApprovalEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { bounds, direction, type Page, type PageQuery } from './page.js';
import { findOne, getOne } from './find.js';
import { change, insert } from './write.js';

export type NewStanding = Pick<
  StandingApprovalEntity,
  | 'tool'
  | 'workflow'
  | 'condition'
  | 'reason'
  | 'privilege_level'
  | 'max_uses'
  | 'expires_at'
  | 'created_by'
  | 'author_roles'
>;
export interface StandingQuery extends PageQuery {
  tool?: string | undefined;
  /** those that are in force, or those that are not; default: both */
  in_force?: boolean | undefined;
}

const IN_FORCE = 'revoked_at is null and expires_at > clock_timestamp() and uses < max_uses';
/** Of one tool: more are not looked at, the oldest first. */
const LOOKED_AT = 200;

/** What people have approved ahead of time. Every method needs an open tenant scope; the clock is the database's. */
@Injectable()
export class StandingApprovalsRepository {
  constructor(private readonly db: TenantDb) {}

  async create(standing: NewStanding): Promise<StandingApprovalEntity> {
    const row = { ...standing, tenant_id: this.db.tenantId };
    return getOne(this.db.em, StandingApprovalEntity, { id: await insert(this.db.em, StandingApprovalEntity, row) });
  }

  async get(id: string): Promise<StandingApprovalEntity | null> {
    return findOne(this.db.em, StandingApprovalEntity, { id });
  }

  /** Newest first, unless asked otherwise. */
  async list(query: StandingQuery = {}): Promise<Page<StandingApprovalEntity>> {
    const { tool, in_force } = query;
    const { take, skip } = bounds(query);
    const found = this.db.em.createQueryBuilder(StandingApprovalEntity, 's').where('true');
    if (tool !== undefined) found.andWhere('s.tool = :tool', { tool });
    if (in_force !== undefined) found.andWhere(`(${IN_FORCE}) = :in_force`, { in_force });
    const order = direction(query);
    const [items, total] = await found
      .orderBy('s.created_at', order)
      .addOrderBy('s.id', order)
      .take(take)
      .skip(skip)
      .getManyAndCount();
    return { items, total };
  }

  /** Those in force for a tool, the oldest first. */
  async inForce(tool: string): Promise<StandingApprovalEntity[]> {
    const found = this.db.em.createQueryBuilder(StandingApprovalEntity, 's').where('s.tool = :tool', { tool });
    return found.andWhere(IN_FORCE).orderBy('s.created_at').addOrderBy('s.id').limit(LOOKED_AT).getMany();
  }

  /** One use of it, unless it is over by now. Of several at once each waits for the one before. */
  async use(id: string): Promise<boolean> {
    const set = { uses: () => 'uses + 1', last_used_at: () => 'clock_timestamp()' };
    return change(this.db.em, StandingApprovalEntity, id, set, IN_FORCE);
  }

  /** In the transaction of the use: it decided nothing. */
  async giveBack(id: string): Promise<void> {
    await change(this.db.em, StandingApprovalEntity, id, { uses: () => 'uses - 1' }, 'uses > 0');
  }

  /** @returns false when it is over already */
  async revoke(id: string, revoked_by: string): Promise<boolean> {
    const set = { revoked_at: () => 'clock_timestamp()', revoked_by };
    return change(this.db.em, StandingApprovalEntity, id, set, IN_FORCE);
  }
}
