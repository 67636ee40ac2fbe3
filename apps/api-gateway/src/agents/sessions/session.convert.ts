import type { SessionInfo } from '@aumos/agf-sessions';
import type { SessionView } from './session.view.js';

export const sessionView = (agentId: string, info: SessionInfo): SessionView => ({
  ...info,
  agent_id: agentId,
  created_at: info.created_at.toISOString(),
  updated_at: info.updated_at.toISOString(),
  expires_at: info.expires_at.toISOString(),
});
