import { type Actor, ApiError } from '@aumos/agf-domain';
import { AgentsRepository, TenantDb } from '@aumos/agf-persistence';
import { ToolCatalog } from '@aumos/agf-tools';
import { Injectable } from '@nestjs/common';
import { agentView } from './agent.convert.js';
import type { CreateAgentDto } from './agent.dto.js';
import type { AgentView } from './agent.view.js';
import { AgentAuthority } from './agent-authority.js';
import { checkAgent, checkSpeaker } from './check-agent.js';

/** A new agent, active at once. */
@Injectable()
export class CreateAgent {
  constructor(
    private readonly db: TenantDb,
    private readonly agents: AgentsRepository,
    private readonly authority: AgentAuthority,
    private readonly tools: ToolCatalog,
  ) {}

  /** @throws ApiError VALIDATION_ERROR, PRIVILEGE_DENIED, CONFLICT when the tenant has the name */
  async run(actor: Actor, body: CreateAgentDto): Promise<AgentView> {
    const tools = await this.tools.of(actor.tenant_id, Object.keys(body.tool_access ?? {}));
    checkAgent(body, new Set(tools.keys()));
    checkSpeaker(body);
    const { name, privilege_level } = body;
    await this.authority.mustReach(actor, privilege_level, 'agent.create', name);
    return this.db.run(actor.tenant_id, async () => {
      const made = await this.agents.create({ ...body, created_by: actor.sub });
      if (!made) throw new ApiError('CONFLICT', `There is an agent called ${name}.`, { name });
      await this.authority.audited(actor, 'agent.create', made.id, { level: privilege_level });
      return agentView(made);
    });
  }
}
