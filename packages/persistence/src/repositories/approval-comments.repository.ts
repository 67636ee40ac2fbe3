import { Injectable } from '@nestjs/common';
import { ApprovalCommentEntity, ApprovalEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findPage, getOne, lockOne } from './find.js';
import { direction, type Page, type PageQuery } from './page.js';
import { insert } from './write.js';

/** Of one approval. */
export const MOST_COMMENTS = 500;

export type Commented =
  { kind: 'commented'; comment: ApprovalCommentEntity } | { kind: 'too_many' } | { kind: 'not_found' };

/** What people say of approvals. Every method needs an open tenant scope. */
@Injectable()
export class ApprovalCommentsRepository {
  constructor(private readonly db: TenantDb) {}

  async add({ approval_id, actor, text }: { approval_id: string; actor: string; text: string }): Promise<Commented> {
    const { em, tenantId } = this.db;
    if (!(await lockOne(em, ApprovalEntity, { id: approval_id }))) return { kind: 'not_found' };
    if ((await em.countBy(ApprovalCommentEntity, { approval_id })) >= MOST_COMMENTS) return { kind: 'too_many' };
    const id = await insert(em, ApprovalCommentEntity, { tenant_id: tenantId, approval_id, actor, text });
    return { kind: 'commented', comment: await getOne(em, ApprovalCommentEntity, { id }) };
  }

  /** Newest first, unless asked otherwise. */
  async list(approval_id: string, query: PageQuery = {}): Promise<Page<ApprovalCommentEntity>> {
    const order = direction(query);
    return findPage(this.db.em, ApprovalCommentEntity, { approval_id }, { created_at: order, id: order }, query);
  }
}
