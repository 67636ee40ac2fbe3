import type { ToolNode, ToolSpec } from '@aumos/agf-domain/runtime';
import type {
  ApprovalOutcome,
  ApprovalStart,
  ToolCall,
  ToolCallOutcome,
  VisitRecord,
  WaitingMark,
} from '../../common/index.js';
import type { Ending } from './ending.js';
import type { RejectedVisit } from '../plan/step.js';

/** What runs in it ends when it is cancelled. */
export interface Scope {
  run<T>(body: () => Promise<T>): Promise<T>;
  cancel(): void;
  /** it was cancelled, or what it is in */
  readonly consideredCancelled: boolean;
}

/** Keeps the visits that ended. */
export interface VisitBook {
  /** @param recorded whether the visit's activity wrote it already */
  add(record: VisitRecord, recorded: boolean): void;
  /** The visit's work was done, but its step refused its writes. */
  reject(visit: RejectedVisit): void;
  /** A step ended. */
  stepped(): void;
  /** Some should be recorded before more end. */
  readonly overflows: boolean;
  /** Hands a batch to an activity; when that fails, the batch is handed to the next one. */
  carriedBy<T>(activity: (ended: VisitRecord[]) => Promise<T>): Promise<T>;
}

export interface Decided {
  outcome: ApprovalOutcome;
  /** people saw the approval: the execution says that it is paused */
  paused: boolean;
}

/**
 * What an execution needs of that which runs it: time, identity, and the world outside. Temporal's sandbox is one, a
 * simulation the other. Everything that waits ends by a cancellation with the scope in which it was called.
 */
export interface Runtime {
  /** ms since the epoch */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Waits until it holds, or so long. @returns whether it holds */
  until(holds: () => boolean, ms?: number): Promise<boolean>;
  /** Calls back once, unless what it returns was called before. Not ended by a scope. */
  timer(ms: number, fire: () => void): () => void;
  openScope(): Scope;
  /** What runs in it goes on to its end, whatever is cancelled around it. */
  shielded<T>(body: () => Promise<T>): Promise<T>;
  isCancellation(error: unknown): boolean;
  /** What ended the execution, where nobody named it before. */
  endingOf(error: unknown): Ending;
  newApprovalId(): string;
  /** whom an approval tells that it can be seen */
  workflowId(): string;
  /** One call with its retries. @throws NodeError, a cancellation */
  callTool(call: ToolCall, as: { node: ToolNode; spec: ToolSpec }): Promise<ToolCallOutcome>;
  /** Opens the approval and waits for its end. @throws a cancellation, once the approval is closed */
  askPeople(start: ApprovalStart, visits: VisitBook): Promise<Decided>;
  /** The execution goes on after the approval. */
  recordResumed(approvalId: string): Promise<void>;
  recordVisits(ended: VisitRecord[]): Promise<void>;
  /** The execution waits for a time or a signal, or goes on. */
  recordWaiting(mark: WaitingMark): Promise<void>;
}
