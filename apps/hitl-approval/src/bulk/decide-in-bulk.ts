import { canonicalJson, invalidRequest, type Json, samePerson } from '@aumos/agf-domain';
import {
  type ApprovalDecisionEntity,
  type ApprovalEntity,
  ApprovalsRepository,
  type DecisionSource,
  TenantDb,
} from '@aumos/agf-persistence';
import { toProblem } from '@aumos/agf-platform';
import { Injectable, Logger } from '@nestjs/common';
import pLimit from 'p-limit';
import type { ApprovalActor } from '../approvals/act-on-approval.js';
import { DecideApproval, type DecisionRequest } from '../approvals/decide-approval.js';
import type { BulkDecisionDto } from './bulk.dto.js';
import type { BulkResultView, BulkView } from './bulk.view.js';

/** Of all bulks of this process: fewer than its database connections, so that single decisions need not wait for them. */
const AT_ONCE = 8;

/** What comes with a decision, and with no other. */
const GIVEN = { edit: 'arguments', respond: 'result' } as const;

/** Many decisions of one person, each its own transaction: as {@link DecideApproval} would take them one by one. */
@Injectable()
export class DecideInBulk {
  private readonly log = new Logger(DecideInBulk.name);
  private readonly turn = pLimit(AT_ONCE);

  constructor(
    private readonly db: TenantDb,
    private readonly approvals: ApprovalsRepository,
    private readonly decide: DecideApproval,
  ) {}

  /** @throws ApiError VALIDATION_ERROR where `arguments` or `result` is missing, or is of no such decision */
  async run(actor: ApprovalActor, decisions: readonly BulkDecisionDto[], source: DecisionSource): Promise<BulkView> {
    checkMembers(decisions);
    const before = await this.before(actor, decisions);
    const results = decisions.map((one) =>
      this.turn(async () => before.get(one.id) ?? (await this.one({ ...requestOf(one), actor, source }))),
    );
    return { results: await Promise.all(results) };
  }

  /** What the caller has decided so already, as the answers to it that may have been lost. */
  private async before(
    { tenant_id, sub }: ApprovalActor,
    decisions: readonly BulkDecisionDto[],
  ): Promise<Map<string, BulkResultView>> {
    return this.db.run(tenant_id, async () => {
      const votes = await this.approvals.decisionsOf(...decisions.map(({ id }) => id));
      const own = new Map(
        votes.filter(({ actor }) => samePerson(actor, sub)).map((vote) => [vote.approval_id, vote] as const),
      );
      const rows = await this.approvals.byId([...own.keys()]);
      const told = decisions.flatMap((one): [string, BulkResultView][] => {
        const [vote, row] = [own.get(one.id), rows.get(one.id)];
        return vote && row && isTheSame(one, vote, row) ? [[one.id, resultOf(row, sub)]] : [];
      });
      return new Map(told);
    });
  }

  private async one(request: DecisionRequest): Promise<BulkResultView> {
    const { approval_id: id } = request;
    try {
      const view = await this.decide.run(request);
      return { id, outcome: view.status === 'pending' ? 'recorded' : 'decided', status: view.status };
    } catch (error) {
      const { status, code, message, details } = toProblem(error, { id });
      if (status >= 500) this.log.error({ msg: 'a decision of a bulk failed', approval_id: id, err: error });
      const [first] = (details['fields'] ?? []) as { field: string }[];
      const field = first === undefined ? {} : { field: first.field };
      return { id, outcome: 'refused', code, ...field, message, details };
    }
  }
}

function checkMembers(decisions: readonly BulkDecisionDto[]): void {
  const fields = decisions.flatMap((one, at) =>
    Object.entries(GIVEN).flatMap(([decision, member]) => {
      const isThere = one[member] !== undefined;
      if (isThere === (one.decision === decision)) return [];
      const error = isThere ? `only with the decision ${decision}` : `missing: the decision is ${decision}`;
      return [{ field: `decisions[${String(at)}].${member}`, error }];
    }),
  );
  if (fields.length > 0) throw invalidRequest(fields);
}

/** Of one that is checked: no more than one of them is there. */
const givenOf = ({ arguments: edited, result }: BulkDecisionDto): Json | undefined => edited ?? result;

function requestOf(one: BulkDecisionDto): Omit<DecisionRequest, 'actor' | 'source'> {
  const { id: approval_id, arguments: _edited, result: _result, ...rest } = one;
  const given = givenOf(one);
  return { ...rest, approval_id, ...(given === undefined ? {} : { given }) };
}

function isTheSame(one: BulkDecisionDto, vote: ApprovalDecisionEntity, row: ApprovalEntity): boolean {
  if (vote.decision !== one.decision) return false;
  if (one.payload_hash !== undefined && one.payload_hash !== row.payload_hash) return false;
  const given = givenOf(one);
  return given === undefined || canonicalJson(given) === canonicalJson(row.given);
}

/** @param sub whose decision it has */
function resultOf({ id, status, decided_by }: ApprovalEntity, sub: string): BulkResultView {
  const ended = decided_by !== null && samePerson(decided_by, sub);
  return { id, outcome: ended ? 'decided' : 'recorded', status };
}
