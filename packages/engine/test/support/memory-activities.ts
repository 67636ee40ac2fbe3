import { ApplicationFailure } from '@temporalio/common';
import { ToolError, type Json, type JsonObject, type ToolSpec } from '@aumos/agf-domain';
import {
  DEFAULT_DEPTH,
  childRefusal,
  childStart,
  type ApprovalActivities,
  type ApprovalOutcome,
  type ApprovalStart,
  type CalledVersion,
  type ChildCall,
  type ChildOpening,
  type ExecutionActivities,
  type ExecutionOutcome,
  type ExecutionRef,
  type ToolCall,
  type ToolCallOutcome,
  type VisitRecord,
} from '../../src/common/index.js';

export type ToolBody = (args: JsonObject, call: ToolCall) => Promise<Json | ToolCallOutcome> | Json | ToolCallOutcome;

/** What the activities were told of one execution. */
export interface Recorded {
  started: number;
  calls: ToolCall[];
  visits: VisitRecord[];
  paused: string[];
  resumed: string[];
  children: ChildCall[];
  outcome?: ExecutionOutcome;
  /** in the order in which it came */
  log: string[];
}

/** The boundary's activities over memory: a journal by (execution, node, visit), approvals that tests decide. */
export class MemoryActivities implements ExecutionActivities, ApprovalActivities {
  readonly tools = new Map<string, ToolBody>();
  readonly approvals = new Map<string, { start: ApprovalStart; outcome: ApprovalOutcome | null; escalated: number }>();
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
  private readonly executions = new Map<string, Recorded>();
  private readonly journal = new Map<string, Json>();

  of(executionId: string): Recorded {
    const known = this.executions.get(executionId);
    if (known) return known;
    const recorded: Recorded = { started: 0, calls: [], visits: [], paused: [], resumed: [], children: [], log: [] };
    this.executions.set(executionId, recorded);
    return recorded;
  }

  recordStarted = async (ref: ExecutionRef): Promise<void> => {
    if (this.cancelledBefore.has(ref.execution_id)) throw new ToolError('CANCELLED', 'ended before it began');
    this.of(ref.execution_id).started++;
  };

  runTool = async (call: ToolCall): Promise<ToolCallOutcome> => {
    const recorded = this.of(call.ref.execution_id);
    this.keep(call.ref, call.ended);
    const key = `${call.ref.execution_id}/${call.node}/${String(call.visit)}`;
    const known = this.journal.get(key);
    if (known !== undefined) return { kind: 'completed', result: known };
    recorded.calls.push(call);
    recorded.log.push(`run ${call.node}#${String(call.visit)}`);
    const body = this.tools.get(call.tool);
    if (!body) throw new ToolError('NOT_BUILT', `no tool ${call.tool}`);
    const result = await body(call.arguments, call);
    if (isOutcome(result)) return result;
    this.journal.set(key, result);
    recorded.log.push(`ran ${call.node}#${String(call.visit)}`);
    return { kind: 'completed', result };
  };

  openChild = async (call: ChildCall): Promise<ChildOpening> => {
    const recorded = this.of(call.ref.execution_id);
    this.keep(call.ref, call.ended);
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

  recordVisits = async ({ ref, ended }: { ref: ExecutionRef; ended: VisitRecord[] }): Promise<void> => {
    this.keep(ref, ended);
  };

  recordPaused = async (args: Parameters<ExecutionActivities['recordPaused']>[0]): Promise<void> => {
    this.keep(args.ref, args.ended);
    this.of(args.ref.execution_id).paused.push(args.approval_id);
    this.of(args.ref.execution_id).log.push(`paused ${args.node}`);
  };

  recordResumed = async (args: { ref: ExecutionRef; approval_id: string }): Promise<void> => {
    this.of(args.ref.execution_id).resumed.push(args.approval_id);
  };

  recordOutcome = async (outcome: ExecutionOutcome): Promise<void> => {
    if (this.failOutcomes > 0 && this.failOutcomes-- > 0) throw new ToolError('DATABASE_AWAY', 'away', true);
    if (this.unstorable.has(outcome.ref.execution_id) && outcome.output !== null)
      throw new ToolError('VALIDATION_ERROR', 'it cannot be stored', false);
    this.keep(outcome.ref, outcome.ended);
    const recorded = this.of(outcome.ref.execution_id);
    recorded.log.push(`outcome ${outcome.status}`);
    recorded.outcome = outcome;
  };

  openApproval = async (start: ApprovalStart): Promise<void> => {
    if (!this.approvals.has(start.approval_id))
      this.approvals.set(start.approval_id, { start, outcome: null, escalated: 0 });
  };

  takeDecision = async ({ approval_id }: { approval_id: string }): Promise<ApprovalOutcome | null> =>
    this.approval(approval_id).outcome;

  expireApproval = async ({ approval_id }: { approval_id: string }): Promise<ApprovalOutcome> =>
    this.decide(approval_id, 'expired', []);

  escalateApproval = async ({ approval_id }: { approval_id: string }): Promise<void> => {
    this.approval(approval_id).escalated++;
  };

  cancelApproval = async ({ approval_id }: { approval_id: string }): Promise<void> => {
    const { start } = this.approval(approval_id);
    this.decide(approval_id, 'cancelled', []);
    this.of(start.execution_id).log.push(`approval cancelled ${start.node}`);
  };

  /** The first decision stands. */
  decide(approvalId: string, status: ApprovalOutcome['status'], by: string[]): ApprovalOutcome {
    const approval = this.approval(approvalId);
    return (approval.outcome ??= {
      approval_id: approvalId,
      status,
      decided_by: by,
      decided_at: new Date().toISOString(),
      notes: null,
    });
  }

  pending(executionId: string): ApprovalStart[] {
    return [...this.approvals.values()]
      .filter(({ start, outcome }) => start.execution_id === executionId && outcome === null)
      .map(({ start }) => start);
  }

  private approval(id: string) {
    const approval = this.approvals.get(id);
    if (!approval) throw ApplicationFailure.nonRetryable(`no approval ${id}`);
    return approval;
  }

  private keep(ref: ExecutionRef, ended: VisitRecord[]): void {
    const { visits, log } = this.of(ref.execution_id);
    for (const record of ended) {
      if (visits.some(({ node, visit }) => node === record.node && visit === record.visit)) continue;
      visits.push(record);
      log.push(`${record.status} ${record.node}#${String(record.visit)}`);
    }
  }
}

const isOutcome = (value: unknown): value is ToolCallOutcome =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  (value.kind === 'refused' || (value.kind === 'completed' && 'result' in value));

export const refused = (retry_after_ms = 50): ToolCallOutcome => ({
  kind: 'refused',
  key: 'tool:t',
  retry_after_ms,
  error: { code: 'CIRCUIT_OPEN', message: 'open', node: null, visit: null, attempts: 1, details: {} },
});
