import type { ExecutionError, Json, Permit } from '@aumos/agf-domain/runtime';
import type { ExecutionRef, FunctionAdmission, FunctionCall, StepRecord, VisitRecord } from '../common/index.js';
import type { Site } from '../workflow/run/site.js';

/** A visit as it is recorded. */
export interface SegmentVisit extends VisitRecord {
  /** of a handler; a transform has none */
  call?: { handler: string; attempts: number; duration_ms: number };
}

/** How a visit ended, by the journal. */
export interface JournalledVisit extends Site {
  status: VisitRecord['status'];
  output: Json;
  error: ExecutionError | null;
}

/** What is written in one transaction, before the next step begins. */
export interface SegmentRecords {
  ref: ExecutionRef;
  /** of the workflow, before the segment */
  ended: readonly VisitRecord[];
  visits: readonly SegmentVisit[];
  steps: readonly StepRecord[];
}

/** What a segment needs of the process that runs it. */
export interface SegmentDesk {
  /** Which of these visits have ended. */
  ended(ref: ExecutionRef, sites: readonly Site[]): Promise<JournalledVisit[]>;
  /** privilege → breaker chain. @throws ToolError PRIVILEGE_DENIED */
  admit(call: FunctionCall): Promise<Exclude<FunctionAdmission, { kind: 'completed' }>>;
  /** One attempt. @throws ToolError, anything */
  handle(call: FunctionCall, attempt: number, signal: AbortSignal): Promise<Json>;
  /**
   * Hands the permit back.
   * @param end its error, null when it went well, `ignored` when it tells nothing
   * @param tookMs all its attempts
   */
  report(call: FunctionCall, permit: Permit, end: ExecutionError | null | 'ignored', tookMs: number): Promise<void>;
  /** @returns those visits that somebody else had ended before, as they ended: they count, these do not */
  record(records: SegmentRecords): Promise<JournalledVisit[]>;
}
