import { type Decision, type Json, type MayNotDecide } from '@aumos/agf-domain';
import {
  type ApprovalEntity,
  ApprovalsRepository,
  type DecidedApproval,
  type DecisionSource,
  TenantDb,
} from '@aumos/agf-persistence';
import { notFound, withSpan } from '@aumos/agf-platform';
import { Injectable, Logger } from '@nestjs/common';
import { DeliverDecision } from '../delivery/deliver-decision.js';
import { UseLink } from '../links/use-link.js';
import type { ApprovalActor } from './act-on-approval.js';
import type { ApprovalView } from './approval.view.js';
import { checkGiven, notAllowed } from './check-given.js';
import { type Judge, JudgeDecider } from './judge-decider.js';
import { claimedBy, decidedAlready, notPending, notYours, payloadChanged } from './refusals.js';
import { ShowApproval } from './show-approval.js';
import { TellDecision, type ToldDecision } from './tell-decision.js';

export interface DecisionRequest {
  actor: ApprovalActor;
  approval_id: string;
  decision: Decision;
  notes?: string;
  /** of what was looked at */
  payload_hash?: string;
  /** of an edit: the arguments; of a response: the result */
  given?: Json;
  /** from where it comes */
  source?: DecisionSource;
  /** the token of the link that led here: used up with the decision */
  link?: string;
}

interface Answer {
  view: ApprovalView;
  /** what the execution is told; null while others have to agree */
  decided: DecidedApproval | null;
}

/**
 * One person's decision. PostgreSQL decides in one conditional update; event, notices and audit row are of the same
 * transaction; then the waiting workflow is told, again until it has taken it.
 */
@Injectable()
export class DecideApproval {
  private readonly log = new Logger(DecideApproval.name);

  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly judge: JudgeDecider,
    private readonly show: ShowApproval,
    private readonly tell: TellDecision,
    private readonly deliver: DeliverDecision,
    private readonly links: UseLink,
  ) {}

  /**
   * @throws ApiError NOT_FOUND, FORBIDDEN (`details.reason`), PAYLOAD_CHANGED, INVALID_STATE when it is not pending, CONFLICT for a second
   *   vote or while somebody else works on it; and what {@link checkGiven} and {@link UseLink} throw
   */
  async run(asked: DecisionRequest): Promise<ApprovalView> {
    const request = this.withLink(asked);
    const { tenant_id } = request.actor;
    const { found, may } = await this.db.run(tenant_id, async () => {
      const row = await this.approvals.get(request.approval_id);
      if (!row) throw notFound();
      return { found: row, may: await this.judge.of(request.actor, row) };
    });
    return withSpan('decide approval', found.traceparent, async () => {
      const judged = may(found);
      if (!judged.allowed) throw await this.denied(request, found, judged.reason);
      if (request.payload_hash !== undefined && request.payload_hash !== found.payload_hash)
        throw payloadChanged(found.payload_hash);
      if (found.status === 'pending') checkGiven(found, request.decision, request.given ?? null);
      const answer = await this.db.run(tenant_id, () => this.decide(request, may));
      // Its stage has gone on since it was read.
      if (typeof answer === 'string') throw await this.denied(request, found, answer);
      const { view, decided } = answer;
      this.log.log({ msg: `approval ${view.status}`, approval_id: found.id, execution_id: found.execution_id });
      if (decided) this.deliver.soon(tenant_id, found.id, decided);
      return view;
    });
  }

  /** From where it comes says by which link, too. */
  private withLink(request: DecisionRequest): DecisionRequest {
    const { link, actor, source } = request;
    return link === undefined ? request : { ...request, source: { ...source, link_id: this.links.read(actor, link) } };
  }

  private async denied(request: DecisionRequest, approval: ApprovalEntity, reason: MayNotDecide): Promise<Error> {
    const told = toldOf(request, null);
    await this.db.run(approval.tenant_id, () => this.tell.note(told, approval, 'denied', { reason }));
    return notYours(reason);
  }

  private async decide(request: DecisionRequest, may: Judge): Promise<Answer | MayNotDecide> {
    const { approval_id, decision, notes, given, actor, source } = request;
    const decided = await this.approvals.decide({
      ...{ approval_id, decision, actor: actor.sub, notes: notes ?? null, source: source ?? null, may },
      ...(given === undefined ? {} : { given }),
    });
    switch (decided.kind) {
      case 'not_found':
        throw notFound();
      case 'requester':
      case 'editor':
        return decided.kind;
      case 'not_theirs':
        return decided.reason;
      case 'not_allowed':
        throw notAllowed(decided.allowed);
      case 'not_pending':
        throw notPending();
      case 'duplicate_actor':
        throw decidedAlready();
      case 'claimed':
        throw claimedBy(decided.by, decided.until);
      case 'decided':
      case 'recorded':
        break;
    }
    const link_id = request.link === undefined ? undefined : source?.link_id;
    if (link_id !== undefined) await this.links.use({ id: link_id, approval_id, used_by: actor.sub });
    const row = decided.kind === 'decided' ? decided.approval : (await this.approvals.get(approval_id))!;
    const told = toldOf(request, decided.rule);
    if (decided.kind === 'decided') await this.tell.decided(told, row);
    else if (decided.reached !== null) await this.tell.reached(row, decided.reached);
    const stage = decided.kind === 'decided' ? row.stage : decided.stage;
    await this.tell.note(told, row, 'allowed', row.rule ? { stage } : {});
    return { view: await this.show.of(row), decided: await this.approvals.decidedOf(row) };
  }
}

const toldOf = (request: DecisionRequest, rule: string | null): ToldDecision => ({
  ...{ actor: request.actor.sub, decision: request.decision, rule },
  ...{ notes: request.notes, given: request.given, source: request.source },
});
