import { OUTBOX_SHARDS } from '@aumos/agf-domain';
import { type Pool } from 'pg';
import { Watchdog } from '../watchdog/watchdog.js';
import { type LaneContext, RelayLane } from './relay-lane.js';
import { type OutboxRelayOptions } from './relay-options.js';
import { deletePublished } from './outbox-sql.js';
import { KafkaRecordSender, type RecordSender, untraced } from './record-sender.js';
import { createRelayPool } from './relay-pool.js';
import { RelayReport } from './relay-report.js';
import { KafkaSentLookup } from './sent-lookup.js';

export interface RelayHealth {
  status: 'up' | 'down';
  /** of the last round that failed; absent while all is well */
  message?: string;
}

/**
 * Brings the outbox to Kafka: each event once, in the order of its aggregate. Any number of relays may run, in any app;
 * a shard is one relay's at a time. PostgreSQL, Kafka or Redis being away delays, nothing else.
 */
export class OutboxRelay {
  private readonly report = new RelayReport();
  private readonly pool: Pool;
  private readonly sender: RecordSender;
  private readonly lanes: RelayLane[];
  private readonly watchdog: Watchdog;
  private running: Promise<unknown> = Promise.resolve();
  private silence: (() => void) | undefined;

  constructor(private readonly o: OutboxRelayOptions) {
    const lanes = o.lanes ?? 2;
    this.pool = createRelayPool(o.databaseUrl, o.clientId, lanes, (error) => this.report.failed(error));
    this.sender = o.sender ?? new KafkaRecordSender(o.brokers, o.clientId);
    this.watchdog = new Watchdog(o.wedgedAfterMs ?? 60_000, o.onWedged);
    const shards = Array.from({ length: OUTBOX_SHARDS }, (_, shard) => shard);
    this.lanes = Array.from({ length: lanes }, (_, lane) => {
      const own = shards.filter((shard) => shard % lanes === lane);
      return new RelayLane(own, this.laneContext());
    });
  }

  /** Returns at once; what is not reachable yet is tried again. */
  start(): void {
    this.watchdog.start();
    this.running = untraced(() => Promise.all(this.lanes.map((lane) => lane.run())));
    this.silence = this.o.nudges?.listen((shard) => this.hint(shard));
  }

  /** Finishes the batch in hand, then closes its connections. */
  async stop(): Promise<void> {
    this.watchdog.stop();
    this.silence?.();
    for (const lane of this.lanes) lane.stop();
    await this.running;
    await this.sender.close();
    await this.pool.end();
  }

  health(): RelayHealth {
    const failure = this.lanes.find((lane) => lane.failure)?.failure;
    return failure ? { status: 'down', message: failure.message } : { status: 'up' };
  }

  /** Removes what was published longer ago. @returns the number of rows */
  async deletePublished(olderThanDays: number): Promise<number> {
    return deletePublished(this.pool, olderThanDays);
  }

  private hint(shard: number): void {
    for (const lane of this.lanes) lane.hint(shard);
  }

  private laneContext(): LaneContext {
    return {
      pool: this.pool,
      sender: this.sender,
      lookup: new KafkaSentLookup(this.o.brokers, this.o.clientId),
      topicPrefix: this.o.topicPrefix ?? '',
      batchSize: this.o.batchSize ?? 200,
      settleMs: this.o.settleMs ?? 5_000,
      pollMs: this.o.pollMs ?? 2_000,
      report: this.report,
      onProgress: () => this.watchdog.progress(),
    };
  }
}
