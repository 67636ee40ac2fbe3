import { type Actor, ApiError, invalidRequest, type PrivilegeLevel } from '@aumos/agf-domain';
import { AgentsRepository, AuditRepository, ElevationsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound, SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable } from '@nestjs/common';
import type { GatewaySettings } from '../../config.js';
import { unstorable } from '../../unstorable.js';
import { elevationView } from './elevation.convert.js';
import type { RequestElevationDto } from './elevation.dto.js';
import type { ElevationView } from './elevation.view.js';

/** Asks that an agent, as it is now, may act at a higher level for a while. By itself it raises nothing. */
@Injectable()
export class RequestElevation {
  constructor(
    private readonly db: TenantDb,
    private readonly agents: AgentsRepository,
    private readonly elevations: ElevationsRepository,
    private readonly audit: AuditRepository,
    @Inject(SETTINGS) private readonly settings: GatewaySettings,
  ) {}

  /** @throws ApiError NOT_FOUND, VALIDATION_ERROR, INVALID_STATE for an agent that is not active */
  async run(
    actor: Actor,
    agentId: string,
    { privilege_level, seconds, reason }: RequestElevationDto,
  ): Promise<ElevationView> {
    return this.db.run(actor.tenant_id, async () => {
      const agent = await this.agents.get(agentId);
      if (!agent) throw notFound();
      if (agent.status !== 'active') throw new ApiError('INVALID_STATE', `The agent is ${agent.status}.`);
      const fields = [...unstorable({ reason }), ...this.levelErrors(agent.privilege_level, privilege_level)];
      if (fields.length > 0) throw invalidRequest(fields);
      const asked = { agent_id: agent.id, agent_version: agent.version, privilege_level, seconds };
      const row = await this.elevations.request({ ...asked, reason, requested_by: actor.sub });
      await this.audit.append({
        actor_id: actor.sub,
        action: 'elevation.request',
        resource_type: 'elevation',
        resource_id: row.id,
        outcome: 'allowed',
        details: { ...asked, reason },
      });
      return elevationView(row, agent.version, []);
    });
  }

  private levelErrors(own: PrivilegeLevel, asked: PrivilegeLevel): { field: string; error: string }[] {
    const cap = this.settings.agentMaxPrivilegeLevel;
    if (asked <= own) return [{ field: 'privilege_level', error: `must be above the agent's own, ${String(own)}` }];
    if (asked > cap) return [{ field: 'privilege_level', error: `must be at most the platform's, ${String(cap)}` }];
    return [];
  }
}
