import { blastRadius, type BlastRadius, type BreakerKey } from '@aumos/agf-domain';
import { AgentsRepository, DefinitionsRepository, PublishedRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { breakerKeyOf } from '../breakers/breaker-key.js';

/** What would stop if a breaker opened now, and what would contain it, among the tenant's newest versions. */
@Injectable()
export class BreakerBlastRadius {
  constructor(
    private readonly db: TenantDb,
    private readonly definitions: DefinitionsRepository,
    private readonly agents: AgentsRepository,
    private readonly published: PublishedRepository,
  ) {}

  /**
   * A breaker need not have been asked yet; its workflow or agent must be there. A tool is its name: one that nobody
   * calls stops nothing.
   * @throws ApiError NOT_FOUND
   */
  async run(tenantId: string, text: string): Promise<BlastRadius> {
    const key = breakerKeyOf(text);
    const { workflows, agents } = await this.db.run(tenantId, async () => {
      if (!(await this.isThere(key))) throw notFound();
      return this.published.newest();
    });
    return blastRadius(key, workflows, agents);
  }

  private async isThere(key: BreakerKey): Promise<boolean> {
    const id = key.slice(key.indexOf(':') + 1);
    if (key.startsWith('workflow:')) return (await this.definitions.get(id)) !== null;
    return key.startsWith('tool:') || (await this.agents.get(id)) !== null;
  }
}
