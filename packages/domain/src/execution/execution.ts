export const EXECUTION_STATUSES = ['pending', 'running', 'paused_hitl', 'completed', 'failed', 'cancelled'] as const;
/** pending → running → (paused_hitl → running)* → completed | failed | cancelled */
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

const NEXT: Record<ExecutionStatus, readonly ExecutionStatus[]> = {
  pending: ['running', 'failed', 'cancelled'],
  running: ['paused_hitl', 'completed', 'failed', 'cancelled'],
  paused_hitl: ['running', 'completed', 'failed', 'cancelled'],
  completed: [],
  failed: [],
  cancelled: [],
};

export const isEnded = (status: ExecutionStatus): boolean => NEXT[status].length === 0;
export const canBecome = (from: ExecutionStatus, to: ExecutionStatus): boolean => NEXT[from].includes(to);
/** Only these hold one of the tenant's concurrent-execution slots. */
export const holdsSlot = (status: ExecutionStatus): boolean => status === 'pending' || status === 'running';

export const VISIT_STATUSES = ['running', 'completed', 'failed', 'cancelled'] as const;
export type VisitStatus = (typeof VISIT_STATUSES)[number];
