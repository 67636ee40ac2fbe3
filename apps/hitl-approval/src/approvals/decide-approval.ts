import { randomUUID } from 'node:crypto';
import {
  type Actor,
  ApiError,
  canonicalJson,
  type Decision,
  effectiveLevel,
  type EventType,
  type Json,
  mayDecide,
  type PrivilegeLevel,
  sha256Hex,
} from '@aumos/agf-domain';
import { EventPublisher } from '@aumos/agf-events';
import {
  type ApprovalEntity,
  ApprovalsRepository,
  AuditRepository,
  FamiliesRepository,
  MembersRepository,
  NoticesRepository,
  TenantDb,
} from '@aumos/agf-persistence';
import { notFound, SETTINGS, withSpan } from '@aumos/agf-platform';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { ApprovalSettings } from '../config.js';
import { DeliverDecision } from '../delivery/deliver-decision.js';
import { UseLink } from '../links/use-link.js';
import { approvalView } from './approval.convert.js';
import type { ApprovalView } from './approval.view.js';
import { checkGiven, notAllowed } from './check-given.js';

const REASONS = {
  requester: 'Who started the execution cannot decide on it.',
  editor: 'Who edited the call cannot decide on it.',
  role: 'Deciding needs the role approver or admin.',
  level: 'Your level is too low for this decision.',
} as const;

export interface DecisionRequest {
  actor: Actor;
  approval_id: string;
  decision: Decision;
  notes?: string;
  /** of an edit: the arguments; of a response: the result */
  given?: Json;
  /** the token of the link that led here: used up with the decision */
  link?: string;
}

/** For whoever follows the call as it was shown: it is made or answered, or it is not made. */
const EVENTS: Record<Decision, EventType> = {
  approve: 'agf.hitl.approved',
  reject: 'agf.hitl.rejected',
  edit: 'agf.hitl.rejected',
  respond: 'agf.hitl.approved',
};

/**
 * One person's decision. PostgreSQL decides in one conditional update; event and audit row are of the same transaction;
 * then the waiting workflow is told, again until it has taken it.
 */
@Injectable()
export class DecideApproval {
  private readonly log = new Logger(DecideApproval.name);

  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly families: FamiliesRepository,
    private readonly members: MembersRepository,
    private readonly audit: AuditRepository,
    private readonly events: EventPublisher,
    private readonly deliver: DeliverDecision,
    private readonly notices: NoticesRepository,
    private readonly links: UseLink,
    @Inject(SETTINGS) private readonly settings: ApprovalSettings,
  ) {}

  /**
   * @throws ApiError NOT_FOUND, FORBIDDEN (requester, editor, role, level), INVALID_STATE when it is not pending, CONFLICT
   *   for a second vote; and what {@link checkGiven} and {@link UseLink} throw
   */
  async run(request: DecisionRequest): Promise<ApprovalView> {
    const { tenant_id, sub } = request.actor;
    const link_id = request.link === undefined ? null : this.links.read(request.actor, request.link);
    const [found, member] = await this.db.run(tenant_id, async () => [
      await this.approvals.get(request.approval_id),
      await this.members.granted(sub),
    ]);
    if (!found) throw notFound();
    return withSpan('decide approval', found.traceparent, async () => {
      await this.authorize(request, found, this.levelOf(request.actor, member?.privilege_level));
      if (found.status === 'pending') checkGiven(found, request.decision, request.given ?? null);
      const view = await this.db.run(tenant_id, () => this.decide(request, link_id));
      this.log.log({ msg: `approval ${view.status}`, approval_id: found.id, execution_id: found.execution_id });
      if (view.status !== 'pending') this.deliver.soon(tenant_id, found.id);
      return view;
    });
  }

  /** As for who starts an execution: a token that says more than the tenant granted does not count for more. */
  private levelOf(actor: Actor, grant: PrivilegeLevel | undefined): PrivilegeLevel {
    const cap = this.settings.agentMaxPrivilegeLevel as PrivilegeLevel;
    return effectiveLevel({ token: actor.privilege_level, ...(grant === undefined ? {} : { grant }), cap });
  }

  private async authorize(request: DecisionRequest, approval: ApprovalEntity, level: PrivilegeLevel): Promise<void> {
    const allowed = mayDecide(request.actor, level, approval);
    if (allowed.allowed) return;
    await this.db.run(approval.tenant_id, () => this.note(request, approval, 'denied', { reason: allowed.reason }));
    throw new ApiError('FORBIDDEN', REASONS[allowed.reason], { reason: allowed.reason });
  }

  private async decide(request: DecisionRequest, link_id: string | null): Promise<ApprovalView> {
    const { approval_id, decision, notes, given, actor } = request;
    const decided = await this.approvals.decide({
      ...{ approval_id, decision, actor: actor.sub, notes: notes ?? null },
      ...(given === undefined ? {} : { given }),
      ...(link_id === null ? {} : { source: { link_id } }),
    });
    switch (decided.kind) {
      case 'not_found':
        throw notFound();
      case 'requester':
      case 'editor':
        throw new ApiError('FORBIDDEN', REASONS[decided.kind], { reason: decided.kind });
      case 'not_allowed':
        throw notAllowed(decided.allowed);
      case 'not_pending':
        throw new ApiError('INVALID_STATE', 'The approval is not pending any more.');
      case 'duplicate_actor':
        throw new ApiError('CONFLICT', 'You have decided on this approval already.');
      case 'recorded':
        break;
      case 'decided':
        await this.publish(request, decided.approval);
        break;
    }
    if (link_id !== null) await this.links.use({ id: link_id, approval_id, used_by: actor.sub });
    const row = (await this.approvals.get(approval_id))!;
    await this.note(request, row, 'allowed', link_id === null ? {} : { link_id });
    const paths = await this.families.pathsTo([row.execution_id]);
    return approvalView(row, await this.approvals.decisionsOf(approval_id), paths.get(row.execution_id) ?? []);
  }

  private async publish({ actor, decision, notes }: DecisionRequest, row: ApprovalEntity): Promise<void> {
    await this.notices.queue({ approval_id: row.id, kind: 'decided', key: 'decided' });
    await this.events.publish({
      event_id: randomUUID(),
      event_type: EVENTS[decision],
      tenant_id: row.tenant_id,
      aggregate_type: 'approval',
      aggregate_id: row.id,
      actor_id: actor.sub,
      correlation_id: row.execution_id,
      occurred_at: (row.decided_at ?? new Date()).toISOString(),
      data: {
        ...{ approval_id: row.id, execution_id: row.execution_id },
        ...{ decided_by: actor.sub, notes: notes ?? null, decision },
      },
      ...(row.traceparent ? { traceparent: row.traceparent } : {}),
    });
  }

  private async note(
    { actor, decision, given }: DecisionRequest,
    row: ApprovalEntity,
    outcome: 'allowed' | 'denied',
    details: Record<string, string>,
  ): Promise<void> {
    await this.audit.append({
      actor_id: actor.sub,
      action: `approval.${decision}`,
      resource_type: 'approval',
      resource_id: row.id,
      outcome,
      details: {
        ...{ execution_id: row.execution_id, payload_hash: row.payload_hash },
        ...(given === undefined ? {} : { given_hash: sha256Hex(canonicalJson(given)) }),
        ...details,
      },
    });
  }
}
