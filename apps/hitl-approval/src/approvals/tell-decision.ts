import { randomUUID } from 'node:crypto';
import { canonicalJson, type Decision, type EventType, type Json, sha256Hex } from '@aumos/agf-domain';
import { EventPublisher } from '@aumos/agf-events';
import { type ApprovalEntity, AuditRepository, type DecisionSource, NoticesRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';

export interface ToldDecision {
  actor: string;
  decision: Decision;
  notes?: string | undefined;
  given?: Json | undefined;
  /** by which the actor might */
  rule: string | null;
  source?: DecisionSource | undefined;
}

/** For whoever follows the call as it was shown: it is made or answered, or it is not made. */
const EVENTS: Record<Decision, EventType> = {
  approve: 'agf.hitl.approved',
  reject: 'agf.hitl.rejected',
  edit: 'agf.hitl.rejected',
  respond: 'agf.hitl.approved',
};

/** Event, notice and audit entry of a decision, in its transaction. */
@Injectable()
export class TellDecision {
  constructor(
    private readonly audit: AuditRepository,
    private readonly events: EventPublisher,
    private readonly notices: NoticesRepository,
  ) {}

  /** That it is decided. */
  async decided({ actor, decision, notes }: ToldDecision, row: ApprovalEntity): Promise<void> {
    await this.notices.queue({
      ...{ approval_id: row.id, kind: 'decided', key: 'decided', to: { subs: [row.requested_by] } },
    });
    await this.events.publish({
      event_id: randomUUID(),
      event_type: EVENTS[decision],
      tenant_id: row.tenant_id,
      aggregate_type: 'approval',
      aggregate_id: row.id,
      actor_id: actor,
      correlation_id: row.execution_id,
      occurred_at: (row.decided_at ?? new Date()).toISOString(),
      data: {
        ...{ approval_id: row.id, execution_id: row.execution_id },
        ...{ decided_by: actor, notes: notes ?? null, decision },
      },
      ...(row.traceparent ? { traceparent: row.traceparent } : {}),
    });
  }

  /** That the next stage is asked, and whom: the stage's number is the key. */
  async reached(row: ApprovalEntity, stage: number): Promise<void> {
    await this.notices.queue({ approval_id: row.id, kind: 'stage_reached', key: `stage_reached:${String(stage)}` });
  }

  /** The record of who decided, what, by which rule and from where. */
  async note(
    { actor, decision, given, rule, source }: ToldDecision,
    row: ApprovalEntity,
    outcome: 'allowed' | 'denied',
    details: Record<string, string | number> = {},
  ): Promise<void> {
    await this.audit.append({
      actor_id: actor,
      action: `approval.${decision}`,
      resource_type: 'approval',
      resource_id: row.id,
      outcome,
      details: {
        ...{ execution_id: row.execution_id, payload_hash: row.payload_hash },
        ...(given === undefined ? {} : { given_hash: sha256Hex(canonicalJson(given)) }),
        ...(rule === null ? {} : { rule }),
        ...(source === undefined ? {} : { source: { ...source } }),
        ...details,
      },
    });
  }
}
