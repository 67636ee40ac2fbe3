import { Injectable } from '@nestjs/common';
import { DecisionLinkEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne } from './find.js';
import { change, insertOnce } from './write.js';

const USABLE = 'used_at is null and expires_at > clock_timestamp() and approval_id = :approval_id';

/** Links of notices. Every method needs an open tenant scope. */
@Injectable()
export class DecisionLinksRepository {
  constructor(private readonly db: TenantDb) {}

  /** @param link its id is the delivery's @returns false when it is there */
  async add(link: Pick<DecisionLinkEntity, 'id' | 'approval_id' | 'expires_at'>): Promise<boolean> {
    return insertOnce(this.db.em, DecisionLinkEntity, { ...link, tenant_id: this.db.tenantId });
  }

  async get(id: string): Promise<DecisionLinkEntity | null> {
    return findOne(this.db.em, DecisionLinkEntity, { id });
  }

  /** Once. @returns false when it was used, is over, or is another approval's */
  async use(link: { id: string; approval_id: string; used_by: string }): Promise<boolean> {
    const { id, approval_id, used_by } = link;
    const set = { used_at: () => 'clock_timestamp()', used_by };
    return change(this.db.em, DecisionLinkEntity, id, set, USABLE, { approval_id });
  }
}
