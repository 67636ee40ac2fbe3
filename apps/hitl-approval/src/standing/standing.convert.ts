import type { StandingApprovalEntity } from '@aumos/agf-persistence';
import type { StandingView } from './standing.dto.js';

export const standingView = (row: StandingApprovalEntity): StandingView => ({
  id: row.id,
  tool: row.tool,
  workflow: row.workflow,
  condition: row.condition,
  reason: row.reason,
  privilege_level: row.privilege_level,
  max_uses: row.max_uses,
  uses: row.uses,
  last_used_at: row.last_used_at?.toISOString() ?? null,
  expires_at: row.expires_at.toISOString(),
  created_by: row.created_by,
  revoked_at: row.revoked_at?.toISOString() ?? null,
  revoked_by: row.revoked_by,
  created_at: row.created_at.toISOString(),
});
