import { isEnded, type PrivilegeLevel } from '@aumos/agf-domain';
import type { RecordedApproval, RecordedExecution, RecordedSignal, RecordedVisit } from '@aumos/agf-engine/compare';
import {
  type ApprovalEntity,
  ApprovalsRepository,
  CommandsRepository,
  type ExecutionEntity,
  type Page,
  toResult,
  type Visit,
  VisitsRepository,
} from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';

/** More than that is not held at once. */
const MOST_VISITS = 2_000;
const PAGE_SIZE = 100;

/** Why an execution cannot be compared. */
export type NotComparable = 'not_ended' | 'cancelled' | 'began_in_the_middle' | 'too_long';

/** Executions with all that came to them from outside, as their rows tell. Every method needs an open tenant scope. */
@Injectable()
export class RecordedExecutions {
  constructor(
    private readonly visits: VisitsRepository,
    private readonly approvals: ApprovalsRepository,
    private readonly commands: CommandsRepository,
  ) {}

  /** @param name of its workflow */
  async of(execution: ExecutionEntity, name: string): Promise<RecordedExecution | NotComparable> {
    const { status, started_at } = execution;
    if (status === 'cancelled') return 'cancelled';
    if (!isEnded(status) || (status !== 'completed' && status !== 'failed') || !started_at) return 'not_ended';
    if (execution.origin_step !== null) return 'began_in_the_middle';
    const visits = await this.all((page) => this.visits.listOf(execution.id, page));
    if (visits === null) return 'too_long';
    return {
      tenant_id: execution.tenant_id,
      execution_id: execution.id,
      workflow_name: name,
      version: execution.workflow_version,
      initiator: execution.initiator,
      initiator_level: levelOf(execution),
      started_at: started_at.toISOString(),
      input: execution.input_data,
      status,
      output: execution.output_data,
      error: execution.error_details,
      visits: visits.map(visitOf),
      approvals: await this.approvalsOf(execution.id),
      signals: await this.signalsOf(execution.id, started_at),
    };
  }

  private async approvalsOf(executionId: string): Promise<RecordedApproval[]> {
    const rows = await this.all((page) => this.approvals.list({ execution_id: executionId, ...page }));
    // Those of the executions below are theirs.
    const own = (rows ?? []).filter(({ execution_id }) => execution_id === executionId);
    const recorded: RecordedApproval[] = [];
    for (const row of own) recorded.push(await this.approvalOf(row));
    return recorded;
  }

  private async approvalOf(row: ApprovalEntity): Promise<RecordedApproval> {
    const result = toResult(row, await this.approvals.decisionsOf(row.id));
    const { node, visit, gate_name, privilege_level, approvals_required, tool } = row;
    return {
      ...{ node, visit, gate_name, privilege_level, approvals_required, tool },
      approval_id: row.id,
      arguments: row.arguments,
      status: result?.status ?? 'pending',
      decided_by: result?.decided_by ?? [],
      decided_at: result?.decided_at ?? null,
      notes: result?.notes ?? null,
    };
  }

  private async signalsOf(executionId: string, startedAt: Date): Promise<RecordedSignal[]> {
    const rows = await this.commands.signalsOf(executionId);
    return rows.map(({ name, payload, delivered_at, created_at }) => ({
      name: name ?? '',
      payload,
      after_ms: Math.max(0, (delivered_at ?? created_at).getTime() - startedAt.getTime()),
    }));
  }

  /** @returns null when there are too many */
  private async all<T>(read: (page: { page: number; page_size: number }) => Promise<Page<T>>): Promise<T[] | null> {
    const found: T[] = [];
    for (let page = 1; ; page++) {
      const { items, total } = await read({ page, page_size: PAGE_SIZE });
      if (total > MOST_VISITS) return null;
      found.push(...items);
      if (items.length === 0 || found.length >= total) return found;
    }
  }
}

const levelOf = ({ initiator_level, privilege_ceiling }: ExecutionEntity): PrivilegeLevel =>
  Math.min(initiator_level, privilege_ceiling ?? initiator_level) as PrivilegeLevel;

const visitOf = ({
  node,
  visit,
  step,
  item,
  type,
  status,
  input,
  output,
  error,
  completed_at,
}: Visit): RecordedVisit => ({
  ...{ node, visit, step, item, type, status, input, output, error },
  completed_at: completed_at?.toISOString() ?? null,
});
