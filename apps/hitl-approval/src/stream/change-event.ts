import type { ApprovalChange } from '@aumos/agf-persistence';
import type { ServerSentEvent } from '@aumos/agf-platform';
import type { Reader } from '../inbox/reader-of.js';

/** What it had come to by this change; what the follower may do with it is as of now. */
export function changeEvent({ change, approval }: ApprovalChange, may: Reader['may']): ServerSentEvent {
  const { position, kind, approval_id, status, stage, created_at } = change;
  const me = approval?.status === 'pending' ? may(approval) : { may_decide: false };
  return {
    id: position,
    event: kind,
    data: { approval_id, status, stage, me: { ...me }, at: created_at.toISOString() },
  };
}

/** What was missed is not kept any more: the follower looks at the approvals themselves, and goes on from here. */
export const resetEvent = (position: number): ServerSentEvent => ({ id: position, event: 'reset', data: {} });
