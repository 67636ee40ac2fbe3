/** What happens in one step: which visits begin, how they ended, what follows. Plain JSON, so that a checkpoint can hold it. */
import type { ExecutionError, Json } from '@aumos/agf-domain/runtime';

/** One item of a for-each edge. */
export interface FanItem {
  edge: number;
  index: number;
  value: Json;
}

/** A visit that is due: the nth time its node runs. */
export interface DueVisit {
  visit: number;
  item: FanItem | null;
}

/** Nodes that run in a step. A fan-out over an empty list is due with no visits: it counts as done. */
export type DueVisits = Record<string, DueVisit[]>;

/** What the engine keeps beside the state channels. */
export interface Bookkeeping {
  /** the step that runs now, from 1; 0: nothing ran yet */
  step: number;
  due: DueVisits;
  /** visits begun so far, by node */
  visits: Record<string, number>;
  /** by join, the groups that were reached since it last fired */
  joins: Record<number, number[]>;
  /** some branch reached END */
  ended: boolean;
  /** declared channels that were written */
  written: string[];
  /** bytes of the state's JSON are at most this */
  stateBytes: number;
}

/** In the order in which they apply. A channel may be written twice: by `output` and by `outputs`. */
export type VisitWrites = (readonly [channel: string, value: Json])[];

export type VisitOutcome =
  | { kind: 'done'; writes: VisitWrites }
  /** `open`: a breaker refused the call */
  | { kind: 'failed'; error: ExecutionError; open: boolean };

export interface EndedVisit extends DueVisit {
  outcome: VisitOutcome;
}

/** How a node's visits of one step ended. */
export interface NodeResult {
  node: string;
  visits: EndedVisit[];
}

/** One write of a step, with its place in the order in which the step's writes apply. */
export interface OrderedWrite {
  order: number;
  value: Json;
}

export interface NextStepCommit {
  kind: 'next';
  rejected: RejectedVisit[];
  book: Bookkeeping;
  /** by node, by channel */
  writes: Map<string, Map<string, OrderedWrite[]>>;
}

/** A visit whose work was done, but whose writes were refused. */
export interface RejectedVisit {
  node: string;
  visit: number;
  error: ExecutionError;
}

/** What a step came to: the next one, or the error that ends the execution. */
export type StepCommit = NextStepCommit | { kind: 'failed'; error: ExecutionError; rejected: RejectedVisit[] };
