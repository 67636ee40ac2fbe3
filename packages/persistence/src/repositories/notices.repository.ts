import { type Notice } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { NoticeEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { change, insertOnce } from './write.js';

/** What people are to be told. Every method needs an open tenant scope. */
@Injectable()
export class NoticesRepository {
  constructor(private readonly db: TenantDb) {}

  /** With the change it tells of, in its transaction. @returns false: it was queued before */
  async queue({ to = undefined, ...notice }: Notice): Promise<boolean> {
    return insertOnce(this.db.em, NoticeEntity, { ...notice, to: to ?? null, tenant_id: this.db.tenantId });
  }

  /** Oldest first. Locked until the transaction ends: whoever asks meanwhile gets others. */
  async takeUnsent(limit: number): Promise<NoticeEntity[]> {
    return this.db.em.find(NoticeEntity, {
      where: { sent_at: IsNull() },
      order: { created_at: 'ASC', id: 'ASC' },
      take: limit,
      lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
    });
  }

  /** It is the deliveries' now: of the same transaction. */
  async markSent(id: string): Promise<boolean> {
    return change(this.db.em, NoticeEntity, id, { sent_at: () => 'clock_timestamp()' }, 'sent_at is null');
  }
}
