import { Logger } from '@nestjs/common';
import { type Poison } from './batch.js';
import { type OutboxRow } from './outbox-row.js';
import { relayMetrics } from './relay-metrics.js';

const REPEAT_AFTER_MS = 30_000;

/** Logs and counts what a relay does. A failure that repeats is logged every half minute. */
export class RelayReport {
  private readonly logger = new Logger('OutboxRelay');
  private logged = { message: '', at: 0 };

  published(rows: readonly OutboxRow[]): void {
    relayMetrics.published.add(rows.length);
    for (const row of rows) relayMetrics.lag.record(Math.max(0, Date.now() - row.occurred_at.getTime()));
  }

  /** The alarm: nobody but a person can repair such an event, and its aggregate waits. */
  poisoned({ row, error }: Poison): void {
    relayMetrics.poisoned.add(1, { event_type: row.event_type });
    const { id, tenant_id, event_type, aggregate_type, aggregate_id } = row;
    const failed_attempts = row.failed_attempts + 1;
    const event = { event_id: id, tenant_id, event_type, aggregate_type, aggregate_id, failed_attempts };
    this.logger.error({ msg: 'an event cannot be encoded: its aggregate waits', error, ...event });
  }

  settled(found: number, missing: number): void {
    relayMetrics.settled.add(found, { found: true });
    relayMetrics.settled.add(missing, { found: false });
    this.logger.warn({ msg: 'looked up a send with an unknown end', found, missing });
  }

  failed(error: Error, shard?: number): void {
    relayMetrics.failures.add(1);
    const repeated = error.message === this.logged.message && Date.now() - this.logged.at < REPEAT_AFTER_MS;
    if (repeated) return;
    this.logged = { message: error.message, at: Date.now() };
    this.logger.error({ msg: 'publishing failed and is tried again', shard, error: error.message });
  }
}
