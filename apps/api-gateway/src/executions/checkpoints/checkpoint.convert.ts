import type { Standing } from '@aumos/agf-engine/checkpoints';
import type { Step } from '@aumos/agf-persistence';
import type { CheckpointDetailView, CheckpointView } from './checkpoint.view.js';

export const checkpointView = (step: Step, endedAt: Date | undefined): CheckpointView => ({
  step: step.step,
  nodes: Object.entries(step.due)
    .map(([node, visits]) => ({ node, first_visit: visits[0]?.visit ?? null, visits: visits.length }))
    .sort((a, b) => (a.node < b.node ? -1 : 1)),
  changed: Object.keys(step.writes).sort(),
  ended: step.ended,
  recorded_at: step.created_at.toISOString(),
  ended_at: endedAt?.toISOString() ?? null,
});

export const checkpointDetailView = (
  step: Step,
  endedAt: Date | undefined,
  { state }: Standing,
): CheckpointDetailView => ({
  ...checkpointView(step, endedAt),
  state,
  final: Object.keys(step.due).length === 0,
});
