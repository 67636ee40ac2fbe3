import type { ToolNode, ToolSpec } from '@aumos/agf-domain/runtime';
import type {
  ApprovalOutcome,
  ApprovalStart,
  ChildCall,
  ChildOpening,
  ChildResult,
  ExecutionStart,
  ToolCall,
  ToolCallOutcome,
  VisitRecord,
} from '../../common/index.js';
import type { Ending } from './ending.js';
import type { RejectedVisit } from '../plan/step.js';

/** What runs in it ends when it is cancelled. */
export interface Scope {
  run<T>(body: () => Promise<T>): Promise<T>;
  cancel(): void;
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

/** A time limit that stands still while anybody holds it. */
export interface HoldableClock {
  hold(): void;
  release(): void;
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
  isCancellation(error: unknown): boolean;
  /** What ended the execution, where nobody named it before. */
  endingOf(error: unknown): Ending;
  newApprovalId(): string;
  /** whom an approval tells that it can be seen */
  workflowId(): string;
  /** One call with its retries. @throws NodeError, a cancellation */
  callTool(call: ToolCall, as: { node: ToolNode; spec: ToolSpec }): Promise<ToolCallOutcome>;
  /** Never cut short: whoever asked for a child knows what became of that. */
  openChild(call: ChildCall): Promise<ChildOpening>;
  /**
   * Runs an opened child to its end, which a cancellation waits for.
   * @param clock is held while the child's own stands still
   * @throws NodeError CHILD_FAILED with the child's error as its `cause`; a cancellation, once the child has ended
   */
  runChild(start: ExecutionStart, clock: HoldableClock): Promise<ChildResult>;
  /** The execution's clock stands still, or runs again: who waits for the execution is told. */
  clockStands(stands: boolean): void;
  /** Opens the approval and waits for its end. @throws a cancellation, once the approval is closed */
  askPeople(start: ApprovalStart, visits: VisitBook): Promise<Decided>;
  /** The execution goes on after the approval. */
  recordResumed(approvalId: string): Promise<void>;
  recordVisits(ended: VisitRecord[]): Promise<void>;
}
