import { type Actor, ApiError, effectiveLevel, type PrivilegeLevel } from '@aumos/agf-domain';
import { AgentsRepository, AuditRepository, MembersRepository, TenantDb } from '@aumos/agf-persistence';
import { SETTINGS } from '@aumos/agf-platform';
import { ToolCatalog } from '@aumos/agf-tools';
import { Inject, Injectable } from '@nestjs/common';
import type { GatewaySettings } from '../config.js';
import { agentView } from './agent.convert.js';
import type { CreateAgentDto } from './agent.dto.js';
import type { AgentView } from './agent.view.js';
import { checkAgent } from './check-agent.js';

/** A new agent, active at once. Nobody makes one that may do more than they may themselves. */
@Injectable()
export class CreateAgent {
  constructor(
    private readonly db: TenantDb,
    private readonly agents: AgentsRepository,
    private readonly members: MembersRepository,
    private readonly audit: AuditRepository,
    private readonly tools: ToolCatalog,
    @Inject(SETTINGS) private readonly settings: GatewaySettings,
  ) {}

  /** @throws ApiError VALIDATION_ERROR, PRIVILEGE_DENIED, CONFLICT when the tenant has the name */
  async run(actor: Actor, body: CreateAgentDto): Promise<AgentView> {
    const tools = await this.tools.of(actor.tenant_id, Object.keys(body.tool_access ?? {}));
    checkAgent(body, new Set(tools.keys()));
    const { name, privilege_level } = body;
    const own = await this.levelOf(actor);
    if (privilege_level > own) {
      await this.audited(actor, { id: name, outcome: 'denied', level: privilege_level });
      const details = { need: privilege_level, effective: own };
      throw new ApiError('PRIVILEGE_DENIED', 'An agent has at most the level of who makes it.', details);
    }
    return this.db.run(actor.tenant_id, async () => {
      const made = await this.agents.create({ ...body, created_by: actor.sub });
      if (!made) throw new ApiError('CONFLICT', `There is an agent called ${name}.`, { name });
      await this.audited(actor, { id: made.id, outcome: 'allowed', level: privilege_level });
      return agentView(made);
    });
  }

  private async levelOf(actor: Actor): Promise<PrivilegeLevel> {
    const member = await this.db.run(actor.tenant_id, () => this.members.get(actor.sub));
    return effectiveLevel({
      token: actor.privilege_level,
      ...(member ? { grant: member.privilege_level } : {}),
      cap: this.settings.agentMaxPrivilegeLevel as PrivilegeLevel,
    });
  }

  private async audited(
    actor: Actor,
    { id, outcome, level }: { id: string; outcome: 'allowed' | 'denied'; level: PrivilegeLevel },
  ): Promise<void> {
    const entry = {
      actor_id: actor.sub,
      action: 'agent.create',
      resource_type: 'agent',
      resource_id: id,
      outcome,
      details: { level },
    };
    await this.db.run(actor.tenant_id, () => this.audit.append(entry));
  }
}
