import { type ChannelMessage, type DeliveryAttempt } from '@aumos/agf-domain';
import { type NewChannel, type NewDelivery } from '../../src/index.js';

export const aChannel = (id: string, name: string, over: Partial<NewChannel> = {}): NewChannel => ({
  ...{ id, name, kind: 'webhook', settings: { url: 'https://example.com/hook' } },
  ...{ notices: [], workflows: [], min_privilege_level: 1, enabled: true, updated_by: 'boss' },
  ...over,
});

export const aMessage: ChannelMessage = {
  type: 'approval.requested',
  timestamp: '2026-01-02T03:04:05.678Z',
  data: {
    ...{ approval_id: null, execution_id: null, workflow_id: null, workflow_name: null, node: null, gate_name: null },
    ...{ tool: null, action_description: 'x', privilege_level: null, approvals_required: null, payload_hash: null },
    ...{ status: 'pending', requested_by: null, decided_by: null, decision_notes: null, expires_at: null },
    ...{ to_subs: [], to_roles: [] },
  },
};

export const aDelivery = (id: string, channel_id: string, approval_id: string | null): NewDelivery => ({
  ...{ id, channel_id, notice_id: null, approval_id, kind: 'requested', message: aMessage },
});

export const anAttempt: DeliveryAttempt = { at: '2026-01-02T03:04:05.678Z', status: 500, error: 'HTTP_500', ms: 5 };
