import { AgentsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound, type Page, pageOf } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { agentVersionView, agentView } from './agent.convert.js';
import type { AgentsQueryDto, AgentVersionsQueryDto } from './agent.dto.js';
import type { AgentVersionView, AgentView } from './agent.view.js';

/** Agents, as they are. What another tenant has does not exist. */
@Injectable()
export class ReadAgents {
  constructor(
    private readonly db: TenantDb,
    private readonly agents: AgentsRepository,
  ) {}

  async list(tenantId: string, { agent_status: status, ...query }: AgentsQueryDto): Promise<Page<AgentView>> {
    return this.db.run(tenantId, async () => {
      const { items, total } = await this.agents.list({ ...query, ...(status === undefined ? {} : { status }) });
      return pageOf(items.map(agentView), total, query);
    });
  }

  async get(tenantId: string, id: string): Promise<AgentView> {
    const row = await this.db.run(tenantId, () => this.agents.get(id));
    if (!row) throw notFound();
    return agentView(row);
  }

  /** Newest first. */
  async versions(tenantId: string, id: string, query: AgentVersionsQueryDto): Promise<Page<AgentVersionView>> {
    return this.db.run(tenantId, async () => {
      if (!(await this.agents.get(id))) throw notFound();
      const { items, total } = await this.agents.versions(id, query);
      return pageOf(items.map(agentVersionView), total, query);
    });
  }
}
