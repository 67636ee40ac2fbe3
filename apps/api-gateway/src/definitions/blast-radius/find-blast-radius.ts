import { blastRadius, type BlastRadius, type BreakerKey } from '@aumos/agf-domain';
import { DefinitionsRepository, PublishedRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';

/** What an open breaker would stop among the tenant's newest versions, and what would contain it. */
@Injectable()
export class FindBlastRadius {
  constructor(
    private readonly db: TenantDb,
    private readonly definitions: DefinitionsRepository,
    private readonly published: PublishedRepository,
  ) {}

  /** @param key default: the workflow's own breaker @throws ApiError NOT_FOUND */
  async run(tenantId: string, workflowId: string, key?: BreakerKey): Promise<BlastRadius> {
    const { workflows, agents } = await this.db.run(tenantId, async () => {
      if (!(await this.definitions.get(workflowId))) throw notFound();
      return this.published.newest();
    });
    return blastRadius(key ?? `workflow:${workflowId}`, workflows, agents);
  }
}
