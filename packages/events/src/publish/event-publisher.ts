import { type DomainEvent, OUTBOX_NUDGES } from '@aumos/agf-domain';
import { OutboxRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';

/** Writes facts beside the change they tell of; after the commit the relays are nudged. Needs an open tenant scope. */
@Injectable()
export class EventPublisher {
  constructor(
    private readonly db: TenantDb,
    private readonly outbox: OutboxRepository,
    private readonly redis: Redis,
  ) {}

  async publish(event: DomainEvent): Promise<void> {
    const { shard } = await this.outbox.appendEvent(event);
    this.db.afterCommit(() => this.redis.publish(OUTBOX_NUDGES, String(shard)));
  }
}
