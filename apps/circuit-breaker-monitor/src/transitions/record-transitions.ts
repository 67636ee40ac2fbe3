import { randomUUID } from 'node:crypto';
import type { BreakerKey, BreakerState, EventType } from '@aumos/agf-domain';
import { EventPublisher } from '@aumos/agf-events';
import { BreakersRepository, type RecordedTransition, TenantDb } from '@aumos/agf-persistence';
import { withSpan } from '@aumos/agf-platform';
import { Injectable, Logger } from '@nestjs/common';
import { MonitorMetrics } from '../metrics/monitor-metrics.js';
import { HistoryBell } from './history-bell.js';

/** Entering half-open is history only: the contract has events for opened and closed. */
const EVENT_OF: Partial<Record<BreakerState, EventType>> = {
  open: 'agf.circuit_breaker.opened',
  closed: 'agf.circuit_breaker.closed',
};

/** What becomes history, and with it, once, an event. Any number of monitors may be told of the same. */
@Injectable()
export class RecordTransitions {
  private readonly log = new Logger(RecordTransitions.name);

  constructor(
    private readonly db: TenantDb,
    private readonly breakers: BreakersRepository,
    private readonly events: EventPublisher,
    private readonly bell: HistoryBell,
    private readonly metrics: MonitorMetrics,
  ) {}

  /** A tenant's, in their order, all or none. @returns false when each was recorded before */
  async run(tenantId: string, transitions: readonly RecordedTransition[]): Promise<boolean> {
    return this.record(tenantId, async () => {
      const written: RecordedTransition[] = [];
      for (const transition of transitions) written.push(...(await this.breakers.recordTransition(transition)));
      return written;
    });
  }

  /** That Redis forgot what the breaker was since `epoch`. @returns false when there is nothing to tell any more */
  async loss(tenantId: string, key: BreakerKey, epoch: number, to: BreakerState): Promise<boolean> {
    return this.record(tenantId, () => this.breakers.recordLoss(key, epoch, to, new Date().toISOString()));
  }

  private async record(tenantId: string, write: () => Promise<RecordedTransition[]>): Promise<boolean> {
    const recorded = await withSpan('record transitions', null, () =>
      this.db.run(tenantId, async () => {
        const written = await write();
        for (const each of written) await this.publish(each);
        return written;
      }),
    );
    for (const { key, to, reason, at } of recorded) {
      this.log.log({ msg: `breaker ${to}`, circuit_key: key, reason });
      this.metrics.recorded({ key, to, reason, at });
    }
    // Also what another monitor recorded is news to who follows here.
    this.bell.ring(tenantId);
    return recorded.length > 0;
  }

  private async publish(transition: RecordedTransition): Promise<void> {
    const event_type = EVENT_OF[transition.to];
    if (!event_type) return;
    const { tenant_id, key, from, to, failure_count, counts, reason, epoch, at } = transition;
    await this.events.publish({
      event_id: randomUUID(),
      event_type,
      tenant_id,
      aggregate_type: 'breaker',
      aggregate_id: key,
      actor_id: 'system',
      correlation_id: key,
      occurred_at: new Date(at).toISOString(),
      data: {
        circuit_key: key,
        from_state: from,
        to_state: to,
        failure_count,
        trigger_reason: reason,
        epoch,
        call_count: counts.calls,
        slow_count: counts.slow,
      },
    });
  }
}
