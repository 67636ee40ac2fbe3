import { Injectable } from '@nestjs/common';
import { InboxEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { insertOnce } from './write.js';

export interface TakenEvent {
  event_id: string;
  event_type: string;
  /** tenant, type and id of what it tells of */
  aggregate_key: string;
  /** 1..n within the aggregate */
  aggregate_version: number;
}

/** What a consumer group has handled. Needs an open tenant scope: the one in which the effect is written. */
@Injectable()
export class InboxRepository {
  constructor(private readonly db: TenantDb) {}

  /** False when the group has handled the event before. Of two at once the second waits for the first one's commit. */
  async take(group: string, event: TakenEvent): Promise<boolean> {
    const row = { tenant_id: this.db.tenantId, consumer_group: group, ...event };
    return insertOnce(this.db.em, InboxEntity, row);
  }

  /** Of one aggregate, by event type: the newest version the group has handled. */
  async newestVersions(group: string, aggregateKey: string): Promise<Map<string, number>> {
    const rows = await this.db.em
      .createQueryBuilder(InboxEntity, 'i')
      .select('i.event_type', 'event_type')
      .addSelect('max(i.aggregate_version)', 'version')
      .where('i.tenant_id = :tenant and i.consumer_group = :group and i.aggregate_key = :key', {
        tenant: this.db.tenantId,
        group,
        key: aggregateKey,
      })
      .groupBy('i.event_type')
      .getRawMany<{ event_type: string; version: string }>();
    return new Map(rows.map(({ event_type, version }) => [event_type, Number(version)]));
  }
}
