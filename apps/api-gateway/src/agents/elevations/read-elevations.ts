import { AgentsRepository, ElevationsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound, type Page, pageOf } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { elevationView } from './elevation.convert.js';
import type { ElevationsQueryDto } from './elevation.dto.js';
import type { ElevationView } from './elevation.view.js';

@Injectable()
export class ReadElevations {
  constructor(
    private readonly db: TenantDb,
    private readonly agents: AgentsRepository,
    private readonly elevations: ElevationsRepository,
  ) {}

  /** Newest first. */
  async list(tenantId: string, agentId: string, query: ElevationsQueryDto): Promise<Page<ElevationView>> {
    return this.db.run(tenantId, async () => {
      const agent = await this.agents.get(agentId);
      if (!agent) throw notFound();
      const { items, total } = await this.elevations.list(agentId, query);
      const votes = await this.elevations.votes(items.map(({ id }) => id));
      const views = items.map((row) => elevationView(row, agent.version, votes));
      return pageOf(views, total, query);
    });
  }

  async get(tenantId: string, agentId: string, id: string): Promise<ElevationView> {
    return this.db.run(tenantId, async () => {
      const [agent, row] = [await this.agents.get(agentId), await this.elevations.get(agentId, id)];
      if (!agent || !row) throw notFound();
      return elevationView(row, agent.version, await this.elevations.votes([id]));
    });
  }
}
