import {
  type Actor,
  invalidField,
  mayDecide,
  STANDING_LEVEL,
  STANDING_MAX_DAYS,
  standingConditionProblem,
} from '@aumos/agf-domain';
import { AuditRepository, StandingApprovalsRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable, Logger } from '@nestjs/common';
import { JudgeDecider } from '../approvals/judge-decider.js';
import { notYours } from '../approvals/refusals.js';
import { standingView } from './standing.convert.js';
import type { NewStandingDto, StandingView } from './standing.dto.js';

const DAY_MS = 86_400_000;
/** Whoever may decide at all: an execution of nobody's. */
const NOBODYS = '';

/** Approves calls ahead of time: of a tool, with these arguments, so often, until then. */
@Injectable()
export class CreateStanding {
  private readonly log = new Logger(CreateStanding.name);

  constructor(
    private readonly db: TenantDb,
    private readonly standing: StandingApprovalsRepository,
    private readonly judge: JudgeDecider,
    private readonly audit: AuditRepository,
  ) {}

  /** @throws ApiError FORBIDDEN (role, level), VALIDATION_ERROR */
  async run(actor: Actor, body: NewStandingDto): Promise<StandingView> {
    const { tool, workflow = null, condition, reason, max_uses, privilege_level = STANDING_LEVEL } = body;
    const expires_at = expiryOf(body);
    const problem = standingConditionProblem(condition);
    if (problem !== null) throw invalidField('condition', problem);
    const details = {
      tool,
      workflow,
      condition,
      reason,
      max_uses,
      privilege_level,
      expires_at: expires_at.toISOString(),
    };
    const asked = { requested_by: NOBODYS, privilege_level };
    const level = await this.db.run(actor.tenant_id, () => this.judge.levelOf(actor));
    const may = mayDecide(actor, level, asked);
    const note = (resource_id: string, outcome: 'allowed' | 'denied', more: object) =>
      this.audit.append({
        ...{ actor_id: actor.sub, action: 'standing_approval.create', resource_type: 'standing_approval' },
        ...{ resource_id, outcome, details: { ...details, ...more } },
      });
    if (!may.allowed) {
      await this.db.run(actor.tenant_id, () => note(tool, 'denied', { reason: may.reason }));
      throw notYours(may.reason);
    }
    const made = await this.db.run(actor.tenant_id, async () => {
      const row = await this.standing.create({
        ...{ tool, workflow, condition, reason, privilege_level, max_uses, expires_at },
        ...{ created_by: actor.sub, author_roles: [...actor.roles] },
      });
      await note(row.id, 'allowed', { rule: may.rule });
      return row;
    });
    this.log.log({ msg: 'standing approval made', standing_id: made.id, tool });
    return standingView(made);
  }
}

function expiryOf({ expires_at }: NewStandingDto): Date {
  const at = new Date(expires_at);
  const left = at.getTime() - Date.now();
  if (left <= 0) throw invalidField('expires_at', 'must lie in the future');
  if (left > STANDING_MAX_DAYS * DAY_MS)
    throw invalidField('expires_at', `must lie within ${String(STANDING_MAX_DAYS)} days`);
  return at;
}
