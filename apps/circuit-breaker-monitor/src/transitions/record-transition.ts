import { randomUUID } from 'node:crypto';
import type { BreakerTransition, EventType } from '@aumos/agf-domain';
import { EventPublisher } from '@aumos/agf-events';
import { BreakersRepository, TenantDb } from '@aumos/agf-persistence';
import { withSpan } from '@aumos/agf-platform';
import { Injectable, Logger } from '@nestjs/common';

/** Entering half-open is history only: the contract has events for opened and closed. */
const EVENT_OF: Partial<Record<BreakerTransition['to'], EventType>> = {
  open: 'agf.circuit_breaker.opened',
  closed: 'agf.circuit_breaker.closed',
};

/** One entry of the stream becomes history and, once, an event. Any number of monitors may read the same entry. */
@Injectable()
export class RecordTransition {
  private readonly log = new Logger(RecordTransition.name);

  constructor(
    private readonly db: TenantDb,
    private readonly breakers: BreakersRepository,
    private readonly events: EventPublisher,
  ) {}

  /** @returns false when it was recorded before */
  async run(streamId: string, transition: BreakerTransition): Promise<boolean> {
    return withSpan('record transition', null, async () => {
      const recorded = await this.db.run(transition.tenant_id, async () => {
        if (!(await this.breakers.recordTransition({ ...transition, stream_id: streamId }))) return false;
        await this.publish(transition);
        return true;
      });
      if (recorded)
        this.log.log({ msg: `breaker ${transition.to}`, circuit_key: transition.key, reason: transition.reason });
      return recorded;
    });
  }

  private async publish(transition: BreakerTransition): Promise<void> {
    const event_type = EVENT_OF[transition.to];
    if (!event_type) return;
    const { tenant_id, key, from, to, failure_count, reason, epoch, at } = transition;
    await this.events.publish({
      event_id: randomUUID(),
      event_type,
      tenant_id,
      aggregate_type: 'breaker',
      aggregate_id: key,
      actor_id: 'system',
      correlation_id: key,
      occurred_at: new Date(at).toISOString(),
      data: { circuit_key: key, from_state: from, to_state: to, failure_count, trigger_reason: reason, epoch },
    });
  }
}
