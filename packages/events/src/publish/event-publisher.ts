import { type DomainEvent } from '@aumos/agf-domain';
import { OutboxRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { Nudges } from '../relay/nudges.js';

/** Writes facts beside the change they tell of; after the commit the process's relay is nudged. Needs an open tenant scope. */
@Injectable()
export class EventPublisher {
  constructor(
    private readonly db: TenantDb,
    private readonly outbox: OutboxRepository,
    private readonly nudges: Nudges,
  ) {}

  async publish(event: DomainEvent): Promise<void> {
    const { shard } = await this.outbox.appendEvent(event);
    this.db.afterCommit(() => this.nudges.tell(shard));
  }
}
