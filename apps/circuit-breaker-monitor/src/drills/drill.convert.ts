import type { DrillEntity } from '@aumos/agf-persistence';
import type { DrillView } from './drill.view.js';

export const drillView = (row: DrillEntity): DrillView => ({
  id: row.id,
  tool: row.tool,
  seconds: row.seconds,
  recovery_seconds: row.recovery_seconds,
  status: row.completed_at ? 'completed' : 'running',
  started_by: row.started_by,
  created_at: row.created_at.toISOString(),
  fault_ends_at: row.fault_ends_at.toISOString(),
  ends_at: row.ends_at.toISOString(),
  completed_at: row.completed_at?.toISOString() ?? null,
  report: row.report,
});
