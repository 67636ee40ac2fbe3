import { type Actor, ApiError } from '@aumos/agf-domain';
import { AuditRepository, ElevationsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';

/** Less is always allowed: whoever may make agents, or decide, ends an elevation at once. */
@Injectable()
export class RevokeElevation {
  constructor(
    private readonly db: TenantDb,
    private readonly elevations: ElevationsRepository,
    private readonly audit: AuditRepository,
  ) {}

  /** @throws ApiError NOT_FOUND, INVALID_STATE where there is nothing to end */
  async run(actor: Actor, agent_id: string, id: string): Promise<void> {
    await this.db.run(actor.tenant_id, async () => {
      if (!(await this.elevations.get(agent_id, id))) throw notFound();
      if (!(await this.elevations.revoke(id))) throw new ApiError('INVALID_STATE', 'It has ended already.');
      await this.audit.append({
        actor_id: actor.sub,
        action: 'elevation.revoke',
        resource_type: 'elevation',
        resource_id: id,
        outcome: 'allowed',
        details: { agent_id },
      });
    });
  }
}
