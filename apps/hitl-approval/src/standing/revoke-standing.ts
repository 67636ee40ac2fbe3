import { type Actor, ApiError } from '@aumos/agf-domain';
import { AuditRepository, StandingApprovalsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable, Logger } from '@nestjs/common';
import { standingView } from './standing.convert.js';
import type { StandingView } from './standing.dto.js';

/** Ends a standing approval: no call is approved by it any more. Anybody may who may decide, not its author alone. */
@Injectable()
export class RevokeStanding {
  private readonly log = new Logger(RevokeStanding.name);

  constructor(
    private readonly db: TenantDb,
    private readonly standing: StandingApprovalsRepository,
    private readonly audit: AuditRepository,
  ) {}

  /** @throws ApiError NOT_FOUND, INVALID_STATE for one that is over */
  async run({ tenant_id, sub }: Actor, id: string): Promise<StandingView> {
    const revoked = await this.db.run(tenant_id, async () => {
      if (!(await this.standing.get(id))) throw notFound();
      if (!(await this.standing.revoke(id, sub))) throw new ApiError('INVALID_STATE', 'It is over already.');
      const row = (await this.standing.get(id))!;
      await this.audit.append({
        ...{ actor_id: sub, action: 'standing_approval.revoke', resource_type: 'standing_approval', resource_id: id },
        ...{ outcome: 'allowed', details: { tool: row.tool, uses: row.uses, created_by: row.created_by } },
      });
      return row;
    });
    this.log.log({ msg: 'standing approval revoked', standing_id: id });
    return standingView(revoked);
  }
}
