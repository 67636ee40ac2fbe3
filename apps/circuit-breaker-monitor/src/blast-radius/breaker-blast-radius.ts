import { blastRadius, type BlastRadius } from '@aumos/agf-domain';
import { PublishedRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { breakerKeyOf, kindOf } from '../breakers/breaker-key.js';
import { BreakerSubject } from '../isolation/breaker-subject.js';

/** What would stop if a breaker opened now, and what would contain it, among the tenant's newest versions. */
@Injectable()
export class BreakerBlastRadius {
  constructor(
    private readonly db: TenantDb,
    private readonly subject: BreakerSubject,
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
      if (kindOf(key) !== 'tool' && !(await this.subject.exists(key))) throw notFound();
      return this.published.newest();
    });
    return blastRadius(key, workflows, agents);
  }
}
