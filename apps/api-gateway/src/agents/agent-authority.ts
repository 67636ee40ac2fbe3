import { type Actor, ApiError, type JsonObject, type PrivilegeLevel } from '@aumos/agf-domain';
import { AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { OwnLevel } from '../members/own-level.js';

export type AgentAction = 'agent.create' | 'agent.change' | 'agent.retire';

/** Nobody makes, or changes, an agent that may do more than they may themselves: its instructions would be theirs. */
@Injectable()
export class AgentAuthority {
  constructor(
    private readonly db: TenantDb,
    private readonly audit: AuditRepository,
    private readonly level: OwnLevel,
  ) {}

  /** @param level of the agent, before and after. @throws ApiError PRIVILEGE_DENIED, which is audited */
  async mustReach(actor: Actor, level: PrivilegeLevel, action: AgentAction, agent: string): Promise<void> {
    const own = await this.level.of(actor);
    if (level <= own) return;
    await this.db.run(actor.tenant_id, () => this.audited(actor, action, agent, { level }, 'denied'));
    const details = { need: level, effective: own };
    throw new ApiError('PRIVILEGE_DENIED', 'An agent has at most the level of who makes or changes it.', details);
  }

  /** Needs an open tenant scope. */
  async audited(
    actor: Actor,
    action: AgentAction,
    agent: string,
    details: JsonObject,
    outcome: 'allowed' | 'denied' = 'allowed',
  ): Promise<void> {
    await this.audit.append({
      actor_id: actor.sub,
      action,
      resource_type: 'agent',
      resource_id: agent,
      outcome,
      details,
    });
  }
}
