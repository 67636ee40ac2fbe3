import type { ExecutionRef, VisitRecord } from '@aumos/agf-engine/common';
import type { EndedVisit } from '@aumos/agf-persistence';
import { bounded } from './bounded.js';

/** What the engine reports of visits, as the journal takes it. */
export const endedVisits = (ref: ExecutionRef, ended: readonly VisitRecord[]): EndedVisit[] =>
  ended.map((visit) => ({
    ...visit,
    execution_id: ref.execution_id,
    status: visit.status === 'running' ? 'failed' : visit.status,
    ...(visit.error ? { error: bounded(visit.error), attempts: Math.max(1, visit.error.attempts) } : {}),
  }));
