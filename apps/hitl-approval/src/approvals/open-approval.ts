import { randomUUID } from 'node:crypto';
import { approvalWorkflowId } from '@aumos/agf-domain';
import type { ApprovalStart } from '@aumos/agf-engine/common';
import { EventPublisher } from '@aumos/agf-events';
import { ApprovalsRepository, DefinitionsRepository, NoticesRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable, Logger } from '@nestjs/common';
import { DeliverDecision } from '../delivery/deliver-decision.js';
import { ApplyStanding } from '../standing/apply-standing.js';

/**
 * The pending row and its event; decided at once where a standing approval means such a call. Told again, it changes
 * nothing.
 */
@Injectable()
export class OpenApproval {
  private readonly log = new Logger(OpenApproval.name);

  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly definitions: DefinitionsRepository,
    private readonly notices: NoticesRepository,
    private readonly standing: ApplyStanding,
    private readonly events: EventPublisher,
    private readonly deliver: DeliverDecision,
  ) {}

  async run(start: ApprovalStart): Promise<void> {
    const { tenant_id, approval_id } = start;
    const decided = await this.db.run(tenant_id, async () => {
      const workflow_name = start.workflow_name ?? (await this.definitions.get(start.workflow_id))?.name ?? null;
      const opened = await this.approvals.open({
        approval_id,
        execution_id: start.execution_id,
        workflow_id: start.workflow_id,
        node: start.node,
        visit: start.visit,
        gate_name: start.gate_name,
        agent_id: start.agent_id ?? null,
        tool: start.tool,
        tool_version: start.tool_version,
        arguments: start.arguments,
        action_description: start.action_description,
        privilege_level: start.privilege_level,
        approvals_required: start.approvals_required,
        payload_hash: start.payload_hash,
        requested_by: start.requested_by,
        expires_at: start.expires_at,
        auto_reject_on_timeout: start.auto_reject_on_timeout,
        escalation_policy: start.escalation_policy,
        temporal_workflow_id: approvalWorkflowId(tenant_id, approval_id),
        traceparent: start.traceparent ?? null,
        allowed_decisions: start.allowed_decisions ?? ['approve', 'reject'],
        input_schema: start.input_schema ?? null,
        output_schema: start.output_schema ?? null,
        edited_by: start.edited_by ?? [],
        replaces: start.replaces ?? null,
        rule: start.rule ?? null,
        times: start.times ?? null,
        workflow_name,
      });
      if (!opened) return null;
      await this.publish(start);
      if (await this.standing.run(approval_id)) return this.approvals.decided(approval_id);
      await this.notices.queue({ approval_id, kind: 'requested', key: 'requested' });
      return null;
    });
    if (decided) this.deliver.soon(tenant_id, approval_id, decided);
    this.log.log({ msg: 'approval requested', approval_id, execution_id: start.execution_id });
  }

  private async publish(start: ApprovalStart): Promise<void> {
    await this.events.publish({
      event_id: randomUUID(),
      event_type: 'agf.hitl.approval_requested',
      tenant_id: start.tenant_id,
      aggregate_type: 'approval',
      aggregate_id: start.approval_id,
      actor_id: start.requested_by,
      correlation_id: start.execution_id,
      occurred_at: new Date().toISOString(),
      data: {
        approval_id: start.approval_id,
        execution_id: start.execution_id,
        gate_name: start.gate_name,
        ...(start.agent_id === undefined ? {} : { agent_id: start.agent_id }),
        action_description: start.action_description,
        privilege_level: start.privilege_level,
        approvals_required: start.approvals_required,
        expires_at: start.expires_at,
        workflow_id: start.workflow_id,
        node: start.node,
      },
      ...(start.traceparent ? { traceparent: start.traceparent } : {}),
    });
  }
}
