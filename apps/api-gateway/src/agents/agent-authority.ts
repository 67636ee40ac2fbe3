import { type Actor, type JsonObject, type PrivilegeLevel } from '@aumos/agf-domain';
import { AuditRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { OwnLevel } from '../members/own-level.js';

export type AgentAction = 'agent.create' | 'agent.change' | 'agent.retire';

/** Nobody makes, or changes, an agent that may do more than they may themselves: its instructions would be theirs. */
@Injectable()
export class AgentAuthority {
  constructor(
    private readonly audit: AuditRepository,
    private readonly level: OwnLevel,
  ) {}

  /** @param level of the agent, before and after. @throws ApiError PRIVILEGE_DENIED, which is audited */
  async mustReach(actor: Actor, level: PrivilegeLevel, action: AgentAction, agent: string): Promise<void> {
    const why = 'An agent has at most the level of who makes or changes it.';
    await this.level.mustReach(actor, level, { ...entryOf(action, agent), details: { level }, why });
  }

  /** Needs an open tenant scope. */
  async audited(actor: Actor, action: AgentAction, agent: string, details: JsonObject): Promise<void> {
    await this.audit.append({ ...entryOf(action, agent), actor_id: actor.sub, outcome: 'allowed', details });
  }
}

const entryOf = (action: AgentAction, agent: string) => ({ action, resource_type: 'agent', resource_id: agent });
