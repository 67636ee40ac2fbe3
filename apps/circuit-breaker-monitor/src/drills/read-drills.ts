import { DrillsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound, type Page, pageOf } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { drillView } from './drill.convert.js';
import type { DrillsQueryDto } from './drill.dto.js';
import type { DrillView } from './drill.view.js';

@Injectable()
export class ReadDrills {
  constructor(
    private readonly db: TenantDb,
    private readonly drills: DrillsRepository,
  ) {}

  async list(tenantId: string, query: DrillsQueryDto): Promise<Page<DrillView>> {
    const { items, total } = await this.db.run(tenantId, () => this.drills.list(query));
    return pageOf(items.map(drillView), total, query);
  }

  /** @throws ApiError NOT_FOUND */
  async get(tenantId: string, id: string): Promise<DrillView> {
    const row = await this.db.run(tenantId, () => this.drills.get(id));
    if (!row) throw notFound();
    return drillView(row);
  }
}
