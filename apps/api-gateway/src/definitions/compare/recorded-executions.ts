import { isEnded, type PrivilegeLevel } from '@aumos/agf-domain';
import type { RecordedApproval, RecordedExecution, RecordedSignal, RecordedVisit } from '@aumos/agf-engine/compare';
import {
  CommandsRepository,
  type ExecutionEntity,
  ExecutionsRepository,
  type RecordingApproval,
  type RecordingHead,
  RecordingsRepository,
  type Visit,
} from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { ComparisonLimits } from './comparison-limits.js';

/** Why an execution cannot be compared. */
export type NotComparable = 'not_ended' | 'cancelled' | 'began_in_the_middle' | 'too_long';

/** Executions with all that came to them from outside, as their rows tell. Every method needs an open tenant scope. */
@Injectable()
export class RecordedExecutions {
  constructor(
    private readonly executions: ExecutionsRepository,
    private readonly recordings: RecordingsRepository,
    private readonly commands: CommandsRepository,
    private readonly limits: ComparisonLimits,
  ) {}

  /** Nothing of one that is too long is read. @param name of its workflow */
  async of({ id, ...head }: RecordingHead, name: string): Promise<RecordedExecution | NotComparable> {
    const { status, started_at } = head;
    if (status === 'cancelled') return 'cancelled';
    if (!isEnded(status) || (status !== 'completed' && status !== 'failed') || !started_at) return 'not_ended';
    if (head.origin_step !== null) return 'began_in_the_middle';
    const { rows, bytes } = await this.recordings.sizeOf(id, this.limits.bytes);
    if (rows > this.limits.rows || bytes > this.limits.bytes) return 'too_long';
    const execution = await this.executions.get(id);
    if (!execution) return 'not_ended';
    return {
      tenant_id: execution.tenant_id,
      execution_id: id,
      workflow_name: name,
      version: execution.workflow_version,
      initiator: execution.initiator,
      initiator_level: levelOf(execution),
      started_at: started_at.toISOString(),
      input: execution.input_data,
      status,
      output: execution.output_data,
      error: execution.error_details,
      visits: (await this.recordings.visitsOf(id)).map(visitOf),
      approvals: (await this.recordings.approvalsOf(id)).map(approvalOf),
      signals: await this.signalsOf(id, started_at),
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
}

const approvalOf = ({ id, result, ...asked }: RecordingApproval): RecordedApproval => {
  const { node, visit, gate_name, privilege_level, approvals_required, tool, arguments: args } = asked;
  return {
    ...{ node, visit, gate_name, privilege_level, approvals_required, tool },
    approval_id: id,
    arguments: args,
    status: result?.status ?? 'pending',
    decided_by: result?.decided_by ?? [],
    decided_at: result?.decided_at ?? null,
    notes: result?.notes ?? null,
    ...(result?.given === undefined ? {} : { given: result.given }),
  };
};

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
