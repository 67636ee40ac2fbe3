/**
 * What crosses the boundary between the graph workflow (sandbox), its activities (worker) and the approval workflow.
 * Everything here is plain JSON. A change is a change of workflow code: histories must replay.
 */
import type {
  AgentSpec,
  ApprovalRule,
  ApprovalTimes,
  BreakerKey,
  BusinessHours,
  ChainLink,
  Decision,
  ExecutionError,
  ExecutionStatus,
  GateDefinition,
  GatePolicy,
  Json,
  JsonObject,
  JsonSchema,
  PrivilegeLevel,
  Role,
  ToolSpec,
  VisitStatus,
  WorkflowDefinition,
} from '@aumos/agf-domain';
import type { ActingAgent, AgentMemory, ModelCall, ModelOutcome, RememberCall } from './agents.js';
import type { SettledTurn, TurnAdmission, TurnSettlement } from './executors.js';
import type { SettledTool, ToolDispatch, ToolSettlement } from './tools.js';
import type { FunctionAdmission, FunctionCall, FunctionOutcome, FunctionSettlement } from './functions.js';
import type { SegmentCall, SegmentReached } from './segment.js';

/** W3C trace context, carried as data so that a replay never makes a span. */
export interface TraceCarrier {
  traceparent?: string;
}

export interface ExecutionRef extends TraceCarrier {
  tenant_id: string;
  execution_id: string;
  workflow_id: string;
  workflow_name: string;
  version: number;
  /** the starter's sub */
  initiator: string;
  /** of a child: the executions above it, the root first */
  ancestors?: AncestorRef[];
}

/** An execution above another one, and the visit that leads down to it. */
export interface AncestorRef {
  execution_id: string;
  workflow_id: string;
  node: string;
  visit: number;
}

/** Platform settings an execution is pinned to when it starts. */
export interface ExecutionSettings {
  approval_timeout_hours: number;
  auto_reject_on_timeout: boolean;
  timeout_seconds: number;
  /** platform cap of every effective level */
  max_privilege_level: PrivilegeLevel;
  /** task queue of the approval workflows; default `agf-approvals` */
  approvals_queue?: string;
  /** events or visits of one run after which the execution goes on in a new one; default 8,000 and 5,000 */
  continue_after?: { events: number; visits: number };
  /** task queue of function nodes that name none; default `agf-nodes-default` */
  nodes_queue?: string;
  /** how long a function's call waits for a worker of its queue; default {@link WORKER_WAIT_SECONDS} */
  worker_wait_seconds?: number;
}

export interface ExecutionStart extends ExecutionRef {
  definition: WorkflowDefinition;
  /** the specs, at start, of every tool the definition names */
  tools: Record<string, ToolSpec>;
  /** the same of agents, by what the definition calls them: a name or an id */
  agents?: Record<string, AgentSpec>;
  input: Json;
  initiator_level: PrivilegeLevel;
  initiator_roles: Role[];
  /** the parent's effective level; absent for a root */
  privilege_ceiling?: PrivilegeLevel;
  /** own workflow first, then each parent */
  workflow_chain: ChainLink[];
  started_at: string;
  settings: ExecutionSettings;
  /** the tenant's, as they were when it started: what came later is found where calls are dispatched */
  policies?: GatePolicy[];
  /** in which its agents remember whose nodes ask for no memory */
  memory?: AgentMemory;
  /** where another execution stood: this one begins there */
  resume?: ResumePoint;
}

/** A visit that is due in a step, with its item of a for-each. */
export interface DueVisitRecord {
  visit: number;
  item: { edge: number; index: number; value: Json } | null;
}

/** One step as it was committed: what the next one begins with is the fold of all up to it. */
export interface StepRecord {
  /** the step that begins, from 1; the last one has nothing due */
  step: number;
  /** by node */
  due: Record<string, DueVisitRecord[]>;
  /** by join, the groups that were reached since it last fired */
  joins: Record<number, number[]>;
  /** some branch reached END */
  ended: boolean;
  /** what the step before wrote, by channel, in the order in which it applies (reducers fold it) */
  writes: Record<string, Json[]>;
}

/** An execution that begins where another one stood. */
export interface ResumePoint {
  state: JsonObject;
  book: {
    /** the step that begins */
    step: number;
    due: StepRecord['due'];
    /** visits begun so far, by node */
    visits: Record<string, number>;
    joins: StepRecord['joins'];
    ended: boolean;
    /** declared channels that were written */
    written: string[];
    /** bytes of the state's JSON are at most this */
    stateBytes: number;
  };
  /** visits of this step whose end is known: they do not run again */
  done: { node: string; visit: number; result: Json; answered?: true }[];
}

/**
 * A visit that ended without a result of `runTool`: a transform, a gate, and every failed, refused or cancelled visit.
 * Travels with the next activity. Recording it is idempotent by (execution, node, visit) and never replaces a completed row.
 */
export interface VisitRecord {
  node: string;
  visit: number;
  step: number;
  item: number | null;
  type: string;
  status: VisitStatus;
  input: Json;
  output: Json;
  error: ExecutionError | null;
  started_at: string;
  completed_at: string;
}

/** The gate a call of level >= 3 (or with a gate of its own) met, with what its condition saw: dispatch evaluates it again. */
export interface GateContext {
  gate_name: string;
  /** named by the node: a call of level 1 or 2 meets a gate only then */
  explicit: boolean;
  definition: GateDefinition;
  scope: { state: JsonObject; input: Json };
  /** present once somebody decided */
  approval?: {
    approval_id: string;
    payload_hash: string;
    expires_at: string;
    /** hashes of the policies under which it was asked */
    policies?: string[];
    /** the execution is paused for it: the dispatch records that it goes on */
    paused?: boolean;
  };
}

export interface ToolCall {
  ref: ExecutionRef;
  node: string;
  visit: number;
  step: number;
  item: number | null;
  tool: string;
  /** for which the call is made, and was approved: of any other nothing is done */
  tool_version: number;
  arguments: JsonObject;
  /** max(tool's need at publish and now, node's privilege_level) */
  need: PrivilegeLevel;
  initiator_level: PrivilegeLevel;
  privilege_ceiling?: PrivilegeLevel;
  max_privilege_level: PrivilegeLevel;
  workflow_chain: ChainLink[];
  gate: GateContext | null;
  timeout_seconds: number;
  /** it undoes a visit: its node is `<node>~compensate`; absent: the visit of a tool node */
  visit_type?: 'compensation';
  /** the agent that chose it, inside of its own visit */
  agent?: ActingAgent;
  /** visits that ended since the last activity */
  ended: VisitRecord[];
  /** steps that were committed since the last activity */
  steps?: StepRecord[];
}

/**
 * How a tool call ended. `refused` is not journalled: the same visit may be called again once the breaker closed.
 * What is expected (refused by an open breaker) is a result;
 * a failure is thrown as an ApplicationFailure whose type is the code and whose first detail is an ExecutionError.
 */
export type ToolCallOutcome =
  | { kind: 'completed'; result: Json }
  | { kind: 'refused'; error: ExecutionError; key: BreakerKey; retry_after_ms: number };

/** A visit of a `workflow` node: what it asks for, of whom, with what. */
export interface ChildCall {
  /** the parent */
  ref: ExecutionRef;
  node: string;
  visit: number;
  step: number;
  item: number | null;
  /** of the visit, each of which has a child of its own; absent: the first */
  attempt?: number;
  /** the callee's name; the parent's own means its very version */
  workflow: string;
  /** absent: the one that was recorded when the parent's version was published */
  version?: number;
  /** most executions of the callee that may be under way in one chain, the new one included */
  max_depth?: number;
  input: Json;
  /** the node's privilege_level */
  need: PrivilegeLevel;
  initiator_level: PrivilegeLevel;
  initiator_roles: Role[];
  privilege_ceiling?: PrivilegeLevel;
  /** the parent's: its own link first */
  workflow_chain: ChainLink[];
  /** the parent's, which its child is pinned to as well */
  settings: ExecutionSettings;
  gate: GateContext | null;
  /** visits that ended since the last activity */
  ended: VisitRecord[];
  /** steps that were committed since the last activity */
  steps?: StepRecord[];
}

/** What became of asking for a child. What is expected is a result; asking again finds the same child. */
export type ChildOpening =
  | { kind: 'opened'; start: ExecutionStart }
  /** it has run before, for this very visit */
  | { kind: 'ended'; result: ChildResult }
  | { kind: 'failed'; error: ExecutionError }
  | { kind: 'refused'; error: ExecutionError; key: BreakerKey; retry_after_ms: number };

/** What a child's workflow returns: its parent undoes what it did, should the parent fail later. */
export interface ChildResult {
  output: Json;
  compensations: Compensation[];
}

/** A child's clock stands still, or runs again: then so does its parent's. `seq` counts; what is older is late. */
export interface ChildClock extends ClockTold {
  execution_id: string;
}

export interface ApprovalStart extends TraceCarrier {
  approval_id: string;
  tenant_id: string;
  execution_id: string;
  workflow_id: string;
  node: string;
  visit: number;
  gate_name: string;
  privilege_level: PrivilegeLevel;
  approvals_required: number;
  escalation_policy: string;
  auto_reject_on_timeout: boolean;
  tool: string | null;
  tool_version: number | null;
  arguments: Json;
  action_description: string;
  /** SHA-256 (hex) of the RFC 8785 form of exactly what will be done */
  payload_hash: string;
  requested_at: string;
  expires_at: string;
  /** who started the execution: never a decider */
  requested_by: string;
  /** Temporal workflow id told by signal `approvalOpened` once the approval can be seen */
  notify: string;
  /** whose call it is */
  agent_id?: string;
  /** absent: approve and reject */
  allowed_decisions?: Decision[];
  /** of edited arguments; absent: any */
  input_schema?: JsonSchema;
  /** of a result in place of the call; absent: any */
  output_schema?: JsonSchema;
  /** who wrote the arguments, by editing the approval before: no deciders either */
  edited_by?: string[];
  /** how often it was edited */
  edits?: number;
  /** the approval whose edit is asked for here */
  replaces?: string;
  /** who must agree; absent in what was asked by earlier builds: `approvals_required` of anybody who may decide */
  rule?: ApprovalRule;
  /** absent in what was asked by earlier builds: expiry or escalation at `expires_at` */
  times?: ApprovalTimes;
  /** hashes of the tenant's policies under which it is asked */
  policies?: string[];
  /** absent in what was asked by earlier builds */
  workflow_name?: string;
}

/** When so many hours are over, of those that count. */
export interface DeadlineAsked {
  tenant_id: string;
  /** RFC 3339 */
  from: string;
  hours: number;
  business_hours: BusinessHours | 'tenant';
}
export interface Deadline {
  /** RFC 3339 */
  at: string;
  /** by which it was reckoned; null: every hour counts, for the tenant has set none */
  business_hours: BusinessHours | null;
}

export interface ApprovalOutcome {
  approval_id: string;
  status: 'approved' | 'rejected' | 'edited' | 'answered' | 'expired' | 'cancelled';
  decided_by: string[];
  decided_at: string | null;
  notes: string | null;
  /** of `edited`: the arguments; of `answered`: the result */
  given?: Json;
  /** of `edited`: how many people had to agree at the end: an escalation may have raised it; absent: as was asked */
  approvals_required?: number;
}

export interface ExecutionOutcome {
  ref: ExecutionRef;
  status: Extract<ExecutionStatus, 'completed' | 'failed' | 'cancelled'>;
  output: Json;
  error: ExecutionError | null;
  /** tells the workflow's own breaker what this execution was */
  breaker_outcome: 'success' | 'failure' | 'ignored';
  /** of its time limit, what it used: not what it was paused, waited or was approved; absent: it never began */
  ran_ms?: number;
  ended: VisitRecord[];
  steps?: StepRecord[];
}

/** What undoes a visit that succeeded: a call of `tool`, as the node `<node>~compensate`, with the same visit number. */
export interface Compensation {
  node: string;
  visit: number;
  /** the step of the visit; later ones are undone first */
  step: number;
  item: number | null;
  tool: string;
  arguments: JsonObject;
  /** whose visit it was, where that is not the execution itself */
  execution_id?: string;
  /** then also: the visit whose child, or a child of that, made it */
  under?: { node: string; visit: number };
  /** and the tool as that execution knew it */
  spec?: ToolSpec;
}

/** The execution waits for a time or a signal, or goes on. */
export interface WaitingMark {
  waiting: boolean;
  /** counts within the execution: an older one changes nothing */
  mark: number;
  node: string;
  ended: VisitRecord[];
  steps?: StepRecord[];
}

/** To the graph workflow. Delivered again, it is the same command. */
export interface ControlCommand {
  id: string;
}
export interface SignalCommand extends ControlCommand {
  name: string;
  /** at most 128 KiB of JSON */
  payload: Json;
}

export interface ExecutionActivities {
  /** row `running`, event `agf.workflow.started`; again: nothing */
  recordStarted(ref: ExecutionRef): Promise<void>;
  /** guard → tool → journal; a visit that is already in the journal answers from it */
  runTool(call: ToolCall): Promise<ToolDispatch>;
  /** how a call ended that ran on a team's queue: its result checked, journal, trace, breaker report */
  settleTool(settlement: ToolSettlement): Promise<SettledTool>;
  /** breaker chain → model → journal; a turn that is already in the journal answers from it */
  callModel(call: ModelCall): Promise<ModelOutcome>;
  /** journal → agent → breaker chain → conversation, for a turn of a team's executor; again: the same, another permit */
  admitTurn(call: ModelCall): Promise<TurnAdmission>;
  /** journal, trace, budget, breaker report */
  settleTurn(settlement: TurnSettlement): Promise<SettledTurn>;
  /** keeps what an agent was asked and answered in its session; again: nothing */
  remember(call: RememberCall): Promise<void>;
  /** journal → privilege → breaker chain → approval; again: the same, under another permit */
  admitFunction(call: FunctionCall): Promise<FunctionAdmission>;
  /** journal, trace, breaker report. @returns the journal's result where another had ended the visit before, else null */
  settleFunction(settlement: FunctionSettlement): Promise<{ result: Json } | null>;
  /** a handler of the platform's own process: admission, handler and journal in one */
  runFunction(call: FunctionCall): Promise<FunctionOutcome>;
  /** steps of local nodes, each in the journal before the next; what is there already does not run again */
  runSegment(call: SegmentCall): Promise<SegmentReached>;
  /** row `paused_hitl`, slot released, event `agf.workflow.paused_hitl` */
  recordPaused(args: {
    ref: ExecutionRef;
    approval_id: string;
    gate_name: string;
    node: string;
    ended: VisitRecord[];
    steps?: StepRecord[];
  }): Promise<void>;
  /** row `running` again once no approval is open */
  recordResumed(args: { ref: ExecutionRef; approval_id: string }): Promise<void>;
  /** row `waiting`, its slot given back; or it runs again */
  recordWaiting(args: { ref: ExecutionRef } & WaitingMark): Promise<void>;
  /** a tool that no definition names, as it is now; null where there is none */
  describeTool(args: { ref: ExecutionRef; tool: string }): Promise<ToolSpec | null>;
  /** by hours that count, of which a workflow's sandbox knows nothing */
  deadlineOf(asked: DeadlineAsked): Promise<Deadline>;
  /** the visits alone, when they are too many to travel with another activity */
  recordVisits(args: { ref: ExecutionRef; ended: VisitRecord[]; steps?: StepRecord[] }): Promise<void>;
  /** the child's row, its breaker's permit, the parent's running visit; a visit that has its child answers with it */
  openChild(call: ChildCall): Promise<ChildOpening>;
  /** row, released slot, event, breaker report */
  recordOutcome(outcome: ExecutionOutcome): Promise<void>;
}

export interface ApprovalActivities {
  /** row + event `agf.hitl.approval_requested`; again: nothing */
  openApproval(start: ApprovalStart): Promise<void>;
  /** what was decided, or null while pending; marks the decision as taken */
  takeDecision(ref: { tenant_id: string; approval_id: string }): Promise<ApprovalOutcome | null>;
  /** pending → expired, unless somebody decided first: then that decision */
  expireApproval(ref: { tenant_id: string; approval_id: string }): Promise<ApprovalOutcome>;
  /** once, as its times say; without any: the admins are told */
  escalateApproval(ref: { tenant_id: string; approval_id: string; times?: ApprovalTimes }): Promise<void>;
  /** whoever may decide is told, once a reminder; of one that is not pending nobody is */
  remindApproval(ref: { tenant_id: string; approval_id: string; reminder: number }): Promise<void>;
  deadlineOf(asked: DeadlineAsked): Promise<Deadline>;
  /** pending → cancelled, because its execution ended */
  cancelApproval(ref: { tenant_id: string; approval_id: string }): Promise<void>;
}

/** What a run of an execution hands to the next one. */
export interface Carried {
  /** with which the step began that is under way */
  state: JsonObject;
  book: ResumePoint['book'];
  /** how visits of this step ended */
  ended: { node: string; visit: number; outcome: CarriedOutcome }[];
  /** what visits of this step that began and wait go on with */
  kept: { node: string; visit: number; value: Json }[];
  /** of the execution's time limit */
  remaining_ms: number;
  /** approvals that people can see */
  opened: string[];
  /** what it was told and has not used, and how it stands */
  commands: { signals: Record<string, Json[]>; paused: boolean; taken: string[] };
  compensations: Compensation[];
  /** of the marks that say whether it waits */
  waiting_mark: number;
  /** of a child: what its parent was told of its clock last */
  clock_told?: ClockTold;
  /** of its tenant, where they are not those that it started with */
  policies?: GatePolicy[];
}

/** Whether a child's clock stands still, as its parent was told; `seq` counts what was told. */
export interface ClockTold {
  seq: number;
  stands: boolean;
}

export type CarriedOutcome =
  | { kind: 'done'; writes: (readonly [channel: string, value: Json])[] }
  | { kind: 'failed'; error: ExecutionError; open: boolean };

/** How an approval ended whose execution has gone on in another run since; null: it was closed. */
export interface ApprovalClosed {
  approval_id: string;
  outcome: ApprovalOutcome | null;
}

/** Type of a visit that a person answered in place of its call. */
export const ANSWER_VISIT = 'answer';

export const GRAPH_WORKFLOW = 'graphWorkflow';
export const APPROVAL_WORKFLOW = 'approvalWorkflow';
/** to the graph workflow, argument: approval id */
export const SIGNAL_APPROVAL_OPENED = 'approvalOpened';
/** to the graph workflow, argument: {@link ChildClock} */
export const SIGNAL_CHILD_CLOCK = 'childClock';
/** to the graph workflow, argument: ApprovalClosed; from the decision itself, and from the approval's workflow after a handover */
export const SIGNAL_APPROVAL_CLOSED = 'approvalClosed';
/** to the approval workflow: its outcome is to be told by signal, for the run that started it goes */
export const SIGNAL_HANDED_OVER = 'handedOver';
/** to the graph workflow: a SignalCommand, a ControlCommand each */
export const SIGNAL_SIGNAL = 'signal';
export const SIGNAL_PAUSE = 'pause';
export const SIGNAL_RESUME = 'resume';
/** to the approval workflow: look at the database now */
export const SIGNAL_DECIDED = 'decided';
