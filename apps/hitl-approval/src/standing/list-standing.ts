import { StandingApprovalsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound, type Page, pageOf } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { standingView } from './standing.convert.js';
import type { StandingQueryDto, StandingView } from './standing.dto.js';

@Injectable()
export class ListStanding {
  constructor(
    private readonly db: TenantDb,
    private readonly standing: StandingApprovalsRepository,
  ) {}

  async run(tenantId: string, { in_force, ...query }: StandingQueryDto): Promise<Page<StandingView>> {
    return this.db.run(tenantId, async () => {
      const wanted = in_force === undefined ? query : { ...query, in_force: in_force === 'true' };
      const { items, total } = await this.standing.list(wanted);
      return pageOf(items.map(standingView), total, query);
    });
  }

  /** @throws ApiError NOT_FOUND */
  async one(tenantId: string, id: string): Promise<StandingView> {
    return this.db.run(tenantId, async () => {
      const row = await this.standing.get(id);
      if (!row) throw notFound();
      return standingView(row);
    });
  }
}
