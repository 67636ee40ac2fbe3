import { AsyncLocalStorage } from 'node:async_hooks';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { ToolError, type BusinessHours, type Json, type JsonObject, type ToolSpec } from '@aumos/agf-domain';
import {
  DEFAULT_DEPTH,
  childRefusal,
  childStart,
  handlerCallOf,
  type ApprovalActivities,
  type ApprovalOutcome,
  type ApprovalStart,
  type CalledVersion,
  type ChildCall,
  type ChildOpening,
  type Deadline,
  type DeadlineAsked,
  type ExecutionActivities,
  type ExecutionOutcome,
  type ExecutionRef,
  type FunctionAdmission,
  type FunctionCall,
  type FunctionOutcome,
  type FunctionSettlement,
  type HandlerCall,
  type HandlerReply,
  type SegmentCall,
  type SegmentReached,
  type ModelCall,
  type ModelOutcome,
  type ModelReply,
  type AgentMessage,
  type ExecutorCall,
  type ExecutorReply,
  type RememberCall,
  type SettledTurn,
  type TurnAdmission,
  type TurnSettlement,
  type StepRecord,
  type SettledTool,
  type ToolCall,
  type ToolCallOutcome,
  type ToolDispatch,
  type ToolSettlement,
  type VisitRecord,
} from '../../src/common/index.js';
import { deadlineOf } from '../../src/hours/index.js';
import { runSegment } from '../../src/segment/index.js';
import { MemoryDesk } from './memory-desk.js';

export type ToolBody = (args: JsonObject, call: ToolCall) => Promise<Json | ToolDispatch> | Json | ToolDispatch;

export type HandlerBody = (args: JsonObject, call: HandlerCall, attempt: number) => Promise<Json> | Json;
/** What an executor's turn comes to; `n` counts its attempts from 1. */
export type ExecutorBody = (call: ExecutorCall, n: number) => Promise<Json> | Json;
/** What a model says in a turn; `n` counts its attempts from 1. */
export type ModelBody = (call: ModelCall, n: number) => Promise<ModelSays> | ModelSays;
export type ModelSays = Partial<ModelReply> | Extract<ModelOutcome, { kind: 'refused' }>;
/** What an admission answers where it does not admit; null admits. */
export type AdmissionBody = (call: FunctionCall) => FunctionAdmission | null;

/** What the activities were told of one execution. */
export interface Recorded {
  started: number;
  calls: ToolCall[];
  settled: FunctionSettlement[];
  settledTools: ToolSettlement[];
  turns: ModelCall[];
  remembered: RememberCall[];
  visits: VisitRecord[];
  steps: StepRecord[];
  paused: string[];
  resumed: string[];
  children: ChildCall[];
  /** newest mark, and whether the execution waits */
  waiting: { mark: number; waiting: boolean };
  outcome?: ExecutionOutcome;
  /** in the order in which it came */
  log: string[];
}

const attempts = new AsyncLocalStorage<number>();

/** For activities that run outside of their worker's process: which attempt it is there. */
export const asAttempt = <T>(attempt: number, run: () => Promise<T>): Promise<T> => attempts.run(attempt, run);

/** The boundary's activities over memory: a journal by (execution, node, visit), approvals that tests decide. */
export class MemoryActivities implements ExecutionActivities, ApprovalActivities {
  readonly tools = new Map<string, ToolBody>();
  /** of tools that no definition names */
  readonly specs = new Map<string, ToolSpec>();
  readonly handlers = new Map<string, HandlerBody>();
  /** by agent's name */
  readonly models = new Map<string, ModelBody>();
  readonly executors = new Map<string, ExecutorBody>();
  readonly admissions = new Map<string, AdmissionBody>();
  readonly approvals = new Map<
    string,
    { start: ApprovalStart; outcome: ApprovalOutcome | null; escalated: number; reminders: number[] }
  >();
  /** the tenant's, by which deadlines are reckoned */
  businessHours: BusinessHours | null = null;
  deadlines = 0;
  /** by name: what `workflow` nodes call */
  readonly workflows = new Map<string, CalledVersion & { tools: Record<string, ToolSpec> }>();
  /** the next openings end so */
  readonly openings: ChildOpening[] = [];
  /** executions whose rows ended before their workflows began */
  readonly cancelledBefore = new Set<string>();
  /** so many records of outcomes fail */
  failOutcomes = 0;
  /** so does every record of these executions' outcomes that has an output, and for good */
  readonly unstorable = new Set<string>();
  /** so many agents' answers are not kept at first */
  failRemembering = 0;
  readonly segments: SegmentCall[] = [];
  /** executions whose segments are run, and then again */
  readonly segmentsTwice = new Set<string>();
  /** so many records of segments are made, so many of the next ones fail */
  failSegmentRecords = { after: Infinity, times: 0 };
  private readonly executions = new Map<string, Recorded>();
  private readonly journal = new Map<string, Json>();

  of(executionId: string): Recorded {
    const known = this.executions.get(executionId);
    if (known) return known;
    const recorded: Recorded = {
      started: 0,
      calls: [],
      settled: [],
      settledTools: [],
      turns: [],
      remembered: [],
      visits: [],
      steps: [],
      paused: [],
      resumed: [],
      children: [],
      waiting: { mark: 0, waiting: false },
      log: [],
    };
    this.executions.set(executionId, recorded);
    return recorded;
  }

  recordStarted = async (ref: ExecutionRef): Promise<void> => {
    if (this.cancelledBefore.has(ref.execution_id)) throw new ToolError('CANCELLED', 'ended before it began');
    this.of(ref.execution_id).started++;
  };

  runTool = async (call: ToolCall): Promise<ToolDispatch> => {
    const recorded = this.of(call.ref.execution_id);
    this.keep(call.ref, call);
    const key = `${call.ref.execution_id}/${call.node}/${String(call.visit)}`;
    const known = this.journal.get(key);
    if (known !== undefined) return { kind: 'completed', result: known };
    const body = this.tools.get(call.tool);
    if (!body) throw new ToolError('NOT_BUILT', `no tool ${call.tool}`);
    const approval = call.gate?.approval;
    if (approval?.paused) await this.recordResumed({ ref: call.ref, approval_id: approval.approval_id });
    recorded.calls.push(call);
    recorded.log.push(`run ${call.node}#${String(call.visit)}`);
    const result = await body(call.arguments, call);
    if (isOutcome(result)) return result;
    this.journal.set(key, result);
    recorded.log.push(`ran ${call.node}#${String(call.visit)}`);
    return { kind: 'completed', result };
  };

  callModel = async (call: ModelCall): Promise<ModelOutcome> => {
    const recorded = this.of(call.ref.execution_id);
    this.keep(call.ref, call);
    const key = `${call.ref.execution_id}/${call.node}/${String(call.visit)}`;
    const known = this.journal.get(key);
    if (known !== undefined) return { kind: 'completed', reply: known as unknown as ModelReply };
    recorded.turns.push(call);
    recorded.log.push(`ask ${call.node}#${String(call.visit)}`);
    const body = this.models.get(call.agent.name);
    if (!body) throw new ToolError('MODEL_UNAVAILABLE', 'no endpoint is set');
    const said = await body(call, Context.current().info.attempt);
    if ('kind' in said) return said;
    const usage = { input_tokens: null, output_tokens: null };
    const finish = said.calls?.length ? ('calls' as const) : ('stop' as const);
    const reply: ModelReply = { text: null, calls: [], finish, usage, ...said };
    this.journal.set(key, reply as unknown as Json);
    recorded.log.push(`said ${call.node}#${String(call.visit)}`);
    return { kind: 'completed', reply };
  };

  admitTurn = async (call: ModelCall): Promise<TurnAdmission> => {
    this.keep(call.ref, call);
    const known = this.journal.get(keyOf(call));
    if (known !== undefined) return { kind: 'completed', reply: known as unknown as ModelReply };
    const recorded = this.of(call.ref.execution_id);
    recorded.turns.push(call);
    recorded.log.push(`admit ${call.node}#${String(call.visit)}`);
    const messages = call.told.map((each): AgentMessage => ({ role: 'tool', content: JSON.stringify(each) }));
    return { kind: 'admitted', permit: { id: keyOf(call), links: [] }, limits: {}, messages, tools: [] };
  };

  /** A step's members are a reply's, here. */
  settleTurn = async ({ call, outcome }: TurnSettlement): Promise<SettledTurn> => {
    this.of(call.ref.execution_id).log.push(`${outcome.kind} ${call.node}#${String(call.visit)}`);
    if (outcome.kind === 'failed') return null;
    const { step } = outcome.reply;
    if (typeof step !== 'object')
      return { kind: 'failed', error: { code: 'INVALID_RESULT', message: '', details: {} } };
    const calls = (step as { calls?: ModelReply['calls'] }).calls ?? [];
    const usage = { input_tokens: null, output_tokens: null };
    const reply = { text: null, finish: calls.length > 0 ? 'calls' : 'stop', usage, ...step, calls } as ModelReply;
    this.journal.set(keyOf(call), reply as unknown as Json);
    return { kind: 'completed', reply };
  };

  remember = async (call: RememberCall): Promise<void> => {
    this.keep(call.ref, call);
    const recorded = this.of(call.ref.execution_id);
    if (this.failRemembering > 0 && this.failRemembering-- > 0) throw new ToolError('MEMORY_UNAVAILABLE', 'away', true);
    recorded.remembered.push(call);
    recorded.log.push(`remember ${call.node}#${String(call.visit)}`);
  };

  openChild = async (call: ChildCall): Promise<ChildOpening> => {
    const recorded = this.of(call.ref.execution_id);
    this.keep(call.ref, call);
    recorded.children.push(call);
    recorded.log.push(`open ${call.node}#${String(call.visit)}`);
    const scripted = this.openings.shift();
    if (scripted) return scripted;
    const called = this.workflows.get(call.workflow);
    if (!called) throw new ToolError('NOT_BUILT', `no workflow ${call.workflow}`);
    const error = childRefusal(call, called, DEFAULT_DEPTH);
    if (error) return { kind: 'failed', error };
    return { kind: 'opened', start: childStart(call, called, new Date().toISOString()) };
  };

  admitFunction = async (call: FunctionCall): Promise<FunctionAdmission> => {
    this.keep(call.ref, call);
    const known = this.journal.get(keyOf(call));
    if (known !== undefined) return { kind: 'completed', result: known };
    const answer = this.admissions.get(call.handler)?.(call);
    if (answer) return answer;
    this.of(call.ref.execution_id).log.push(`admit ${call.node}#${String(call.visit)}`);
    return { kind: 'admitted', permit: { id: keyOf(call), links: [] } };
  };

  runSegment = async (call: SegmentCall): Promise<SegmentReached> => {
    this.segments.push(call);
    // As after a crash between the journal and the answer.
    if (this.segmentsTwice.has(call.ref.execution_id)) await runSegment(call, new MemoryDesk(this));
    return runSegment(call, new MemoryDesk(this));
  };

  settleFunction = async (settlement: FunctionSettlement): Promise<{ result: Json } | null> => {
    const { call, outcome } = settlement;
    const recorded = this.of(call.ref.execution_id);
    recorded.settled.push(settlement);
    recorded.log.push(`${outcome.kind} ${call.node}#${String(call.visit)}`);
    const known = this.journal.get(keyOf(call));
    if (known !== undefined) return { result: known };
    if (outcome.kind === 'completed') this.journal.set(keyOf(call), outcome.reply.result);
    return null;
  };

  /** A result that is the text `unfit` is not what its tool promises. */
  settleTool = async (settlement: ToolSettlement): Promise<SettledTool> => {
    const { call, outcome } = settlement;
    const recorded = this.of(call.ref.execution_id);
    recorded.settledTools.push(settlement);
    recorded.log.push(`${outcome.kind} ${call.node}#${String(call.visit)}`);
    if (outcome.kind === 'failed') return { kind: 'failed', error: outcome.error };
    const { result } = outcome.reply;
    const site = { node: call.node, visit: call.visit, attempts: 1, details: {} };
    if (result === 'unfit') return { kind: 'failed', error: { code: 'INVALID_RESULT', message: 'unfit', ...site } };
    this.journal.set(`${call.ref.execution_id}/${call.node}/${String(call.visit)}`, result);
    return { kind: 'completed', result };
  };

  runFunction = async (call: FunctionCall): Promise<FunctionOutcome> => {
    const admission = await this.admitFunction(call);
    if (admission.kind !== 'admitted') return admission;
    const attempt = (attempts.getStore() ?? Context.current().info.attempt) + (call.attempts_before ?? 0);
    const { result } = await asAttempt(attempt, () => this.runHandler(handlerCallOf(call)));
    this.journal.set(keyOf(call), result);
    return { kind: 'completed', result };
  };

  /** What a team's worker is: the handlers of this suite. A method, so that the engine's worker has no such activity. */
  async runHandler(call: HandlerCall): Promise<HandlerReply> {
    const body = this.handlers.get(call.handler);
    if (!body) throw new ToolError('UNKNOWN_HANDLER', `no handler ${call.handler}`);
    const attempt = attempts.getStore() ?? Context.current().info.attempt;
    return { result: await body(call.arguments, call, attempt), attempt, duration_ms: 1 };
  }

  /** The same of executors. */
  async runExecutor(call: ExecutorCall): Promise<ExecutorReply> {
    const body = this.executors.get(call.executor);
    if (!body) throw new ToolError('UNKNOWN_EXECUTOR', `no executor ${call.executor}`);
    const { attempt } = Context.current().info;
    return { step: await body(call, attempt), attempt, duration_ms: 1 };
  }

  describeTool = async ({ tool }: { tool: string }): Promise<ToolSpec | null> => this.specs.get(tool) ?? null;

  recordVisits = async (args: Parameters<ExecutionActivities['recordVisits']>[0]): Promise<void> => {
    this.keep(args.ref, args);
  };

  recordPaused = async (args: Parameters<ExecutionActivities['recordPaused']>[0]): Promise<void> => {
    this.keep(args.ref, args);
    const { paused } = this.of(args.ref.execution_id);
    if (!paused.includes(args.approval_id)) paused.push(args.approval_id);
    this.of(args.ref.execution_id).log.push(`paused ${args.node}`);
  };

  recordResumed = async (args: { ref: ExecutionRef; approval_id: string }): Promise<void> => {
    const { resumed } = this.of(args.ref.execution_id);
    if (!resumed.includes(args.approval_id)) resumed.push(args.approval_id);
  };

  recordWaiting = async (args: Parameters<ExecutionActivities['recordWaiting']>[0]): Promise<void> => {
    const { ref, mark, waiting, node } = args;
    this.keep(ref, args);
    const recorded = this.of(ref.execution_id);
    if (mark <= recorded.waiting.mark) return;
    recorded.waiting = { mark, waiting };
    recorded.log.push(`${waiting ? 'waits' : 'waited'} ${node}`);
  };

  recordOutcome = async (outcome: ExecutionOutcome): Promise<void> => {
    if (this.failOutcomes > 0 && this.failOutcomes-- > 0) throw new ToolError('DATABASE_AWAY', 'away', true);
    if (this.unstorable.has(outcome.ref.execution_id) && outcome.output !== null)
      throw new ToolError('VALIDATION_ERROR', 'it cannot be stored', false);
    this.keep(outcome.ref, outcome);
    const recorded = this.of(outcome.ref.execution_id);
    recorded.log.push(`outcome ${outcome.status}`);
    recorded.outcome = outcome;
  };

  openApproval = async (start: ApprovalStart): Promise<void> => {
    if (!this.approvals.has(start.approval_id))
      this.approvals.set(start.approval_id, { start, outcome: null, escalated: 0, reminders: [] });
  };

  takeDecision = async ({ approval_id }: { approval_id: string }): Promise<ApprovalOutcome | null> =>
    this.approval(approval_id).outcome;

  expireApproval = async ({ approval_id }: { approval_id: string }): Promise<ApprovalOutcome> =>
    this.decide(approval_id, 'expired', []);

  escalateApproval = async ({ approval_id }: { approval_id: string }): Promise<void> => {
    this.approval(approval_id).escalated++;
  };

  remindApproval = async ({ approval_id, reminder }: { approval_id: string; reminder: number }): Promise<void> => {
    this.approval(approval_id).reminders.push(reminder);
  };

  deadlineOf = (asked: DeadlineAsked): Promise<Deadline> => {
    this.deadlines++;
    return deadlineOf(asked, async () => this.businessHours);
  };

  cancelApproval = async ({ approval_id }: { approval_id: string }): Promise<void> => {
    const { start } = this.approval(approval_id);
    this.decide(approval_id, 'cancelled', []);
    this.of(start.execution_id).log.push(`approval cancelled ${start.node}`);
  };

  /** The first decision stands. */
  decide(
    approvalId: string,
    status: ApprovalOutcome['status'],
    by: string[],
    notes?: string,
    given?: Json,
  ): ApprovalOutcome {
    const approval = this.approval(approvalId);
    return (approval.outcome ??= {
      approval_id: approvalId,
      status,
      decided_by: by,
      decided_at: new Date().toISOString(),
      notes: notes ?? null,
      ...(given === undefined ? {} : { given }),
    });
  }

  pending(executionId: string): ApprovalStart[] {
    return [...this.approvals.values()]
      .filter(({ start, outcome }) => start.execution_id === executionId && outcome === null)
      .map(({ start }) => start);
  }

  approvalsOf(executionId: string): ApprovalStart[] {
    return [...this.approvals.values()].flatMap(({ start }) => (start.execution_id === executionId ? [start] : []));
  }

  private approval(id: string) {
    const approval = this.approvals.get(id);
    if (!approval) throw ApplicationFailure.nonRetryable(`no approval ${id}`);
    return approval;
  }

  keep(ref: ExecutionRef, { ended, steps: committed = [] }: { ended: VisitRecord[]; steps?: StepRecord[] }): void {
    const { visits, steps, log } = this.of(ref.execution_id);
    for (const record of committed) if (!steps.some(({ step }) => step === record.step)) steps.push(record);
    for (const record of ended) {
      if (visits.some(({ node, visit }) => node === record.node && visit === record.visit)) continue;
      visits.push(record);
      log.push(`${record.status} ${record.node}#${String(record.visit)}`);
    }
  }
}

const keyOf = ({ ref, node, visit }: Pick<FunctionCall, 'ref' | 'node' | 'visit'>): string =>
  `${ref.execution_id}/${node}/${String(visit)}`;

const isOutcome = (value: unknown): value is ToolDispatch =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  (['refused', 'changed', 'admitted'].includes(String(value.kind)) ||
    (value.kind === 'completed' && 'result' in value));

export const refused = (retry_after_ms = 50): ToolCallOutcome => ({
  kind: 'refused',
  key: 'tool:t',
  retry_after_ms,
  error: { code: 'CIRCUIT_OPEN', message: 'open', node: null, visit: null, attempts: 1, details: {} },
});
