import { type ChannelMessage, type MessageData, messageType } from '@aumos/agf-domain';
import type { ApprovalEntity, NoticeEntity } from '@aumos/agf-persistence';

/** What is sent of a notice: nothing of the call's arguments. */
export const messageOf = (notice: NoticeEntity, approval: ApprovalEntity): ChannelMessage => ({
  type: messageType(notice.kind),
  timestamp: notice.created_at.toISOString(),
  data: {
    approval_id: approval.id,
    execution_id: approval.execution_id,
    workflow_id: approval.workflow_id,
    workflow_name: approval.workflow_name,
    node: approval.node,
    gate_name: approval.gate_name,
    tool: approval.tool,
    action_description: approval.action_description,
    privilege_level: approval.privilege_level,
    approvals_required: approval.approvals_required,
    payload_hash: approval.payload_hash,
    // That its call was made since is not what was decided.
    status: approval.status === 'consumed' ? 'approved' : approval.status,
    requested_by: approval.requested_by,
    decided_by: approval.decided_by,
    decision_notes: approval.decision_notes,
    expires_at: approval.expires_at.toISOString(),
    to_subs: notice.to?.subs ?? [],
    to_roles: notice.to?.roles ?? [],
  },
});

const NOTHING: MessageData = {
  ...{ approval_id: null, execution_id: null, workflow_id: null, workflow_name: null, node: null, gate_name: null },
  ...{ tool: null, privilege_level: null, approvals_required: null, payload_hash: null, requested_by: null },
  ...{ decided_by: null, decision_notes: null, expires_at: null, to_subs: [], to_roles: [] },
  ...{ status: 'test', action_description: '' },
};

export const testMessage = (channel: string, at: Date): ChannelMessage => ({
  type: messageType('test'),
  timestamp: at.toISOString(),
  data: { ...NOTHING, action_description: `This is a test of the channel ${channel}: nothing is to be decided.` },
});
