import type { AgentNode, FunctionNode, ToolNode, ToolSpec } from '@aumos/agf-domain/runtime';
import type {
  ApprovalOutcome,
  ApprovalStart,
  CalledTool,
  ChildCall,
  ChildOpening,
  ChildResult,
  Deadline,
  DeadlineAsked,
  ExecutionStart,
  FunctionCall,
  FunctionOutcome,
  ModelCall,
  ModelOutcome,
  RememberCall,
  SegmentCall,
  SegmentReached,
  StepRecord,
  ToolCall,
  VisitRecord,
  WaitingMark,
} from '../../common/index.js';
import type { CallsOfGraph } from './calls-of-graph.js';
import type { Ending } from './ending.js';
import type { RejectedVisit } from '../plan/step.js';

/** What runs in it ends when it is cancelled. */
export interface Scope {
  run<T>(body: () => Promise<T>): Promise<T>;
  cancel(): void;
  /** it was cancelled, or what it is in */
  readonly consideredCancelled: boolean;
}

/** What travels to the database with an activity. */
export interface Progress {
  /** visits that ended since the last one */
  ended: VisitRecord[];
  /** steps that were committed since the last one */
  steps?: StepRecord[];
}

/** Keeps the visits that ended, and the steps. */
export interface VisitBook {
  /** @param recorded whether the visit's activity wrote it already */
  add(record: VisitRecord, recorded: boolean): void;
  /** The visit's work was done, but its step refused its writes. */
  reject(visit: RejectedVisit): void;
  /** A step was committed. */
  stepped(step: StepRecord): void;
  /** Nothing waits to be recorded. */
  readonly isEmpty: boolean;
  /** Some should be recorded before more end. */
  readonly overflows: boolean;
  /** Hands a batch to an activity; when that fails, the batch is handed to the next one. */
  carriedBy<T>(activity: (progress: Progress) => Promise<T>): Promise<T>;
  /** an activity that takes along and does nothing else: who ends the workflow waits for it */
  relief?: Promise<void> | undefined;
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

/** How people are asked. */
export interface Asking {
  visits: VisitBook;
  /** an earlier run opened the approval */
  open: boolean;
  /** it is open from now on, whatever becomes of this run */
  opened: () => void;
  /** around every wait for people */
  idle: <T>(wait: () => Promise<T>) => Promise<T>;
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
  callTool(call: ToolCall, as: { node: ToolNode; spec: ToolSpec }): Promise<CalledTool>;
  /** One turn of an agent's model with its retries. @throws NodeError, a cancellation */
  callModel(call: ModelCall, node: AgentNode): Promise<ModelOutcome>;
  /** What was said is kept in the agent's session. @throws NodeError, a cancellation */
  remember(call: RememberCall): Promise<void>;
  /** Never cut short: whoever asked for a child knows what became of that. */
  openChild(call: ChildCall): Promise<ChildOpening>;
  /**
   * Runs an opened child to its end, which a cancellation waits for.
   * @param clock is held while the child's own stands still
   * @param seconds it is cancelled then, not counting while its clock stands still
   * @throws NodeError CHILD_FAILED with the child's error as its `cause`, CHILD_TIMEOUT; a cancellation, once the child has ended
   */
  runChild(start: ExecutionStart, clock: HoldableClock, seconds?: number): Promise<ChildResult>;
  /** Whether the execution's clock stands still, perhaps as before: who waits for the execution is told of changes. */
  clockStands(stands: boolean): void;
  /**
   * One visit's handler with its retries, admitted and journalled. @throws NodeError, a cancellation
   * @param inside what a team's graph may ask for, where the node calls one
   */
  callFunction(call: FunctionCall, node: FunctionNode, inside?: CallsOfGraph): Promise<FunctionOutcome>;
  /** Runs local steps in one go, as far as it goes. Absent: visits are run one by one. @throws a cancellation */
  runSegment?(call: SegmentCall): Promise<SegmentReached>;
  /** Where nobody can be asked, what needs people is left to others. Absent: they are asked. */
  leave?(site: { node: string; visit: number }): never;
  /** Opens the approval and waits for its end. @throws a cancellation, once the approval is closed */
  askPeople(start: ApprovalStart, how: Asking): Promise<Decided>;
  /** By hours that count. */
  deadlineOf(asked: DeadlineAsked): Promise<Deadline>;
  /** Whether a dispatch that is approved records that the execution goes on. Absent: none does. */
  dispatchResumes?(): boolean;
  /** The execution goes on after the approval. */
  recordResumed(approvalId: string): Promise<void>;
  recordVisits(progress: Progress): Promise<void>;
  /** The execution waits for a time or a signal, or goes on. */
  recordWaiting(mark: WaitingMark): Promise<void>;
}
