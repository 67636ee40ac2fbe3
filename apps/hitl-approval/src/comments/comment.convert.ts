import type { ApprovalCommentEntity } from '@aumos/agf-persistence';
import type { CommentView } from './comment.dto.js';

export const commentView = ({ id, approval_id, actor, text, created_at }: ApprovalCommentEntity): CommentView => ({
  ...{ id, approval_id, actor, text },
  created_at: created_at.toISOString(),
});
