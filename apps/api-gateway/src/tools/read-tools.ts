import { TenantDb, ToolsRepository } from '@aumos/agf-persistence';
import { notFound, type Page, pageOf } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { type RegisteredToolView, registeredToolView } from './registered-tool.view.js';
import type { ToolsQueryDto } from './tool.dto.js';

/** A tenant's own tools, each in its last version. What another tenant has does not exist. */
@Injectable()
export class ReadTools {
  constructor(
    private readonly db: TenantDb,
    private readonly tools: ToolsRepository,
  ) {}

  async list(tenantId: string, query: ToolsQueryDto): Promise<Page<RegisteredToolView>> {
    return this.db.run(tenantId, async () => {
      const { items, total } = await this.tools.list(query);
      return pageOf(items.map(registeredToolView), total, query);
    });
  }

  /** @throws ApiError NOT_FOUND */
  async get(tenantId: string, name: string): Promise<RegisteredToolView> {
    const row = await this.db.run(tenantId, () => this.tools.last(name));
    if (!row) throw notFound();
    return registeredToolView(row);
  }
}
