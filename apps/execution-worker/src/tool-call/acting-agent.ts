import { enabledTools, type PrivilegeLevel } from '@aumos/agf-domain';
import type { ToolCall } from '@aumos/agf-engine/common';
import { AgentsRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { DenyCall } from './deny-call.js';
import type { Callee } from './guarded-call.js';

/** The agent that chose a call, as it is now: what was taken from it since the execution began is gone. */
@Injectable()
export class ActingAgents {
  constructor(
    private readonly db: TenantDb,
    private readonly agents: AgentsRepository,
    private readonly deny: DenyCall,
  ) {}

  /** @returns the call at the agent's level of now @throws CallerError PRIVILEGE_DENIED */
  async now(call: ToolCall, callee: Callee): Promise<ToolCall> {
    const { agent } = call;
    if (!agent) return call;
    const row = await this.db.run(call.ref.tenant_id, () => this.agents.get(agent.id));
    if (row?.status !== 'active' || !enabledTools(row.tool_access).includes(callee.name))
      return this.deny.agent(call, callee, agent.name);
    const privilege_level = Math.min(agent.privilege_level, row.privilege_level) as PrivilegeLevel;
    const requires_hitl = agent.requires_hitl === true || row.requires_hitl;
    return { ...call, agent: { ...agent, privilege_level, requires_hitl } };
  }
}
