import type { JsonObject } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { TenantDb } from '../tenant/tenant-db.js';
import { AuditRepository } from './audit.repository.js';

/** Callers who were refused before anything was done for them; each in a transaction of its own. */
@Injectable()
export class Denials {
  constructor(
    private readonly db: TenantDb,
    private readonly audit: AuditRepository,
  ) {}

  async write(denial: {
    tenant_id: string;
    actor_id: string;
    route: string;
    path: string;
    details: JsonObject;
  }): Promise<void> {
    const { tenant_id, actor_id, route, path, details } = denial;
    const what = { action: 'route.call', resource_type: 'route', resource_id: path, outcome: 'denied' } as const;
    await this.db.run(tenant_id, () => this.audit.append({ actor_id, ...what, details: { route, ...details } }));
  }
}
