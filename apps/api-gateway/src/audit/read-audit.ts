import { AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { type Page, pageOf } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import type { AuditQueryDto } from './audit.dto.js';
import type { AuditEntryView, AuditHeadView } from './audit.view.js';

/** Who did what in the tenant. */
@Injectable()
export class ReadAudit {
  constructor(
    private readonly db: TenantDb,
    private readonly audit: AuditRepository,
  ) {}

  async list(tenantId: string, query: AuditQueryDto): Promise<Page<AuditEntryView>> {
    const { items, total } = await this.db.run(tenantId, () => this.audit.list(query));
    return pageOf(items, total, query);
  }

  async head(tenantId: string): Promise<AuditHeadView> {
    return { head: await this.db.run(tenantId, () => this.audit.head()) };
  }
}
