import { ApprovalCommentsRepository, ApprovalsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound, type Page, pageOf, type PageQuery } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { commentView } from './comment.convert.js';
import type { CommentView } from './comment.dto.js';

@Injectable()
export class ListComments {
  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly comments: ApprovalCommentsRepository,
  ) {}

  /** @throws ApiError NOT_FOUND */
  async run(tenantId: string, approvalId: string, query: PageQuery): Promise<Page<CommentView>> {
    return this.db.run(tenantId, async () => {
      if (!(await this.approvals.get(approvalId))) throw notFound();
      const { items, total } = await this.comments.list(approvalId, query);
      return pageOf(items.map(commentView), total, query);
    });
  }
}
