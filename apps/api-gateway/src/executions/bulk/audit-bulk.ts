import type { Actor } from '@aumos/agf-domain';
import { AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import type { BulkDto } from './bulk.dto.js';

/** Who asked for it, by which filter, before it is done; what becomes of each execution is written with it. */
@Injectable()
export class AuditBulk {
  constructor(
    private readonly db: TenantDb,
    private readonly audit: AuditRepository,
  ) {}

  async write(actor: Actor, action: string, { filter }: BulkDto, matches: number): Promise<void> {
    await this.db.run(actor.tenant_id, () =>
      this.audit.append({
        actor_id: actor.sub,
        action,
        resource_type: 'execution',
        resource_id: 'many',
        outcome: 'allowed',
        details: { filter: { ...filter }, matches },
      }),
    );
  }
}
