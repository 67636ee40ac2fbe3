import { type DomainEvent } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { jsonb } from '../json/storable.js';
import { TenantDb } from '../tenant/tenant-db.js';

const APPEND = `select version, shard from agf_append_event($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

export interface Appended {
  /** 1..n within the aggregate */
  version: number;
  /** 0..15: what the relay is nudged with after the commit */
  shard: number;
}

/** Facts, written beside the change they tell of. Needs an open tenant scope: the one of the change. */
@Injectable()
export class OutboxRepository {
  constructor(private readonly db: TenantDb) {}

  /** The same event id again changes nothing. Holds the aggregate's counter until the scope ends: append late. */
  async appendEvent(event: DomainEvent): Promise<Appended> {
    const { aggregate_type, aggregate_id, actor_id, correlation_id, occurred_at } = event;
    const [row] = await this.db.em.query<{ version: string; shard: number }[]>(APPEND, [
      event.event_id,
      event.tenant_id,
      event.event_type,
      aggregate_type,
      aggregate_id,
      actor_id,
      correlation_id,
      occurred_at,
      jsonb(event.data),
      event.traceparent ?? null,
    ]);
    return { version: Number(row!.version), shard: row!.shard };
  }
}
