/** What crosses between the workflow and the activity that runs a stretch of local steps in one go. Plain JSON. */
import type { Json, JsonObject } from '@aumos/agf-domain';
import type {
  CarriedOutcome,
  Compensation,
  ExecutionRef,
  ExecutionStart,
  ResumePoint,
  StepRecord,
  VisitRecord,
} from './messages.js';

/** Steps of local nodes, from the one that is due on. */
export interface SegmentCall {
  ref: ExecutionRef;
  /** without `resume` */
  start: ExecutionStart;
  /** with which the step begins */
  state: JsonObject;
  book: ResumePoint['book'];
  /** these nodes of the step alone, which then ends as `held`: others run beside them; absent: whole steps */
  only?: string[];
  /** visits of the step that another execution did */
  done?: ResumePoint['done'];
  /** visits that ended since the last activity */
  ended: VisitRecord[];
  /** steps that were committed since the last activity */
  steps?: StepRecord[];
}

/** How far it came. All of it is in the journal: asked again, it says the same, and runs no visit again that has ended. */
export interface SegmentReached {
  /** the step that begins now; the one of the call, where that is not over */
  book: ResumePoint['book'];
  /** by channel, of all steps that were committed, in the order in which they apply */
  writes: Record<string, Json[]>;
  /** due from now on; again those of a step that is not over */
  compensations: Compensation[];
  /** it took all the time or all the visits that a segment has */
  spent: boolean;
  end: SegmentEnd;
}

export type SegmentEnd =
  /** the step may be one for another segment, or not */
  | { kind: 'step' }
  /** something in the step waits longer than a segment does, or is no local node: the rest of its visits run one by one */
  | { kind: 'held'; ended: { node: string; visit: number; outcome: CarriedOutcome }[]; tried: TriedVisit[] }
  /** the execution ends */
  | { kind: 'over'; ending: SegmentEnding };

export type SegmentEnding =
  { kind: 'cancelled' } | { kind: 'failed'; error: Extract<CarriedOutcome, { kind: 'failed' }>['error'] };

/** A visit whose handler failed and is to be tried again later. */
export interface TriedVisit {
  node: string;
  visit: number;
  attempts: number;
  /** until the next attempt */
  delay_ms: number;
}
