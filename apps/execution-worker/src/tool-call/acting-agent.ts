import { enabledTools, type PrivilegeLevel } from '@aumos/agf-domain';
import type { ToolCall } from '@aumos/agf-engine/common';
import { AgentsRepository, ElevationsRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { DenyCall } from './deny-call.js';
import type { Callee } from './guarded-call.js';

/**
 * The agent that chose a call, as it is now: what was taken from it since the execution began is gone. An elevation
 * raises its own level while it lasts, nobody else's that counts.
 */
@Injectable()
export class ActingAgents {
  constructor(
    private readonly db: TenantDb,
    private readonly agents: AgentsRepository,
    private readonly elevations: ElevationsRepository,
    private readonly deny: DenyCall,
  ) {}

  /** @returns the call at the agent's level of now @throws CallerError PRIVILEGE_DENIED */
  async now(call: ToolCall, callee: Callee): Promise<ToolCall> {
    const { agent } = call;
    if (!agent) return call;
    const { row, elevated } = await this.db.run(call.ref.tenant_id, async () => {
      const row = await this.agents.get(agent.id);
      // Another version than the one that acts was not approved.
      const acts = row?.version === agent.version ? row : null;
      return { row, elevated: acts && (await this.elevations.levelNow(acts)) };
    });
    if (row?.status !== 'active' || !enabledTools(row.tool_access).includes(callee.name))
      return this.deny.agent(call, callee, agent.name);
    const own = Math.min(agent.privilege_level, row.privilege_level);
    const privilege_level = Math.max(own, elevated ?? own) as PrivilegeLevel;
    const requires_hitl = agent.requires_hitl === true || row.requires_hitl;
    return { ...call, agent: { ...agent, privilege_level, requires_hitl } };
  }
}
