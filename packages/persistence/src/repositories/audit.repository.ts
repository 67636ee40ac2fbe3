import { type JsonObject } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { AuditEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findPage, given } from './find.js';
import { direction, type Page, type PageQuery } from './page.js';
import { insert } from './write.js';

export interface AuditEntry {
  actor_id: string;
  /** e.g. `approval.approve` */
  action: string;
  resource_type: string;
  resource_id: string;
  outcome: 'allowed' | 'denied';
  details?: JsonObject;
}
export interface AuditQuery extends PageQuery {
  actor_id?: string;
  action?: string;
  resource_type?: string;
  resource_id?: string;
  outcome?: 'allowed' | 'denied';
}

/** Append only. Every method needs an open tenant scope; a denial is written in a scope of its own, or it rolls back. */
@Injectable()
export class AuditRepository {
  constructor(private readonly db: TenantDb) {}

  async append(entry: AuditEntry): Promise<void> {
    const row = { details: {}, ...entry, tenant_id: this.db.tenantId };
    await insert(this.db.em, AuditEntity, row);
  }

  /** Newest first. */
  async list(query: AuditQuery = {}): Promise<Page<AuditEntity>> {
    const { actor_id, action, resource_type, resource_id, outcome } = query;
    const where = given({ actor_id, action, resource_type, resource_id, outcome });
    return findPage(this.db.em, AuditEntity, where, { seq: direction(query) }, query);
  }
}
