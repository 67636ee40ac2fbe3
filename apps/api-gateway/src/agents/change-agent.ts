import { type Actor, ApiError, type PrivilegeLevel } from '@aumos/agf-domain';
import { type AgentSnapshot, AgentsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { ToolCatalog } from '@aumos/agf-tools';
import { Injectable } from '@nestjs/common';
import { agentView } from './agent.convert.js';
import type { ChangeAgentDto } from './agent.dto.js';
import type { AgentView } from './agent.view.js';
import { type AgentAction, AgentAuthority } from './agent-authority.js';
import { checkAgent, checkSpeaker } from './check-agent.js';

/** The next version of an agent. What is under way reads it at its next call. */
@Injectable()
export class ChangeAgent {
  constructor(
    private readonly db: TenantDb,
    private readonly agents: AgentsRepository,
    private readonly authority: AgentAuthority,
    private readonly tools: ToolCatalog,
  ) {}

  /** @throws ApiError NOT_FOUND, VALIDATION_ERROR, PRIVILEGE_DENIED, INVALID_STATE for a retired one */
  async run(actor: Actor, id: string, body: ChangeAgentDto): Promise<AgentView> {
    const tools = await this.tools.of(actor.tenant_id, Object.keys(body.tool_access ?? {}));
    checkAgent(body, new Set(tools.keys()));
    return this.change(actor, id, body, 'agent.change');
  }

  /** It acts no more, and its name is not free again. Asked again, nothing changes. */
  async retire(actor: Actor, id: string): Promise<void> {
    await this.change(actor, id, { status: 'retired' }, 'agent.retire');
  }

  private async change(actor: Actor, id: string, set: Partial<AgentSnapshot>, action: AgentAction): Promise<AgentView> {
    const seen = await this.db.run(actor.tenant_id, () => this.agents.get(id));
    if (!seen) throw notFound();
    if (seen.status === 'retired') {
      if (action === 'agent.retire') return agentView(seen);
      throw new ApiError('INVALID_STATE', 'The agent is retired.', { status: seen.status });
    }
    checkSpeaker({ ...seen, ...set });
    const level = Math.max(seen.privilege_level, set.privilege_level ?? 1) as PrivilegeLevel;
    await this.authority.mustReach(actor, level, action, id);
    return this.db.run(actor.tenant_id, async () => {
      const made = await this.agents.change(id, seen.version, set, actor.sub);
      if (!made) throw new ApiError('CONFLICT', 'The agent was changed meanwhile.', { version: seen.version });
      await this.authority.audited(actor, action, id, { version: made.version, changed: Object.keys(set).sort() });
      return agentView(made);
    });
  }
}
