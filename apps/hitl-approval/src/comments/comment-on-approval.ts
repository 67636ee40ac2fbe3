import { type Actor, ApiError, sha256Hex } from '@aumos/agf-domain';
import { ApprovalCommentsRepository, AuditRepository, MOST_COMMENTS, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { commentView } from './comment.convert.js';
import type { CommentView } from './comment.dto.js';

/** Says something of an approval, decided or not; it decides nothing. */
@Injectable()
export class CommentOnApproval {
  constructor(
    private readonly db: TenantDb,
    private readonly comments: ApprovalCommentsRepository,
    private readonly audit: AuditRepository,
  ) {}

  /** @throws ApiError NOT_FOUND, QUOTA_EXCEEDED */
  async run({ tenant_id, sub }: Actor, approval_id: string, text: string): Promise<CommentView> {
    return this.db.run(tenant_id, async () => {
      const said = await this.comments.add({ approval_id, actor: sub, text });
      if (said.kind === 'not_found') throw notFound();
      if (said.kind === 'too_many')
        throw new ApiError('QUOTA_EXCEEDED', `An approval has ${String(MOST_COMMENTS)} comments at most.`);
      await this.audit.append({
        ...{ actor_id: sub, action: 'approval.comment', resource_type: 'approval', resource_id: approval_id },
        ...{ outcome: 'allowed', details: { comment_id: said.comment.id, text_hash: sha256Hex(text) } },
      });
      return commentView(said.comment);
    });
  }
}
