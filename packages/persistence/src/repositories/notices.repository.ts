import { type Notice } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { NoticeEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { insertOnce } from './write.js';

/** What people are to be told. Every method needs an open tenant scope. */
@Injectable()
export class NoticesRepository {
  constructor(private readonly db: TenantDb) {}

  /** With the change it tells of, in its transaction. @returns false: it was queued before */
  async queue({ to = undefined, ...notice }: Notice): Promise<boolean> {
    return insertOnce(this.db.em, NoticeEntity, { ...notice, to: to ?? null, tenant_id: this.db.tenantId });
  }
}
