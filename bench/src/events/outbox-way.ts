import { decodeEvent, EventPublisher, Nudges, OutboxRelay, topicOf } from '@aumos/agf-events';
import { createDataSource, OutboxRepository, TenantDb } from '@aumos/agf-persistence';
import { testStack } from '@aumos/agf-testing';
import { localSystem } from '../system/local.js';
import { Arrivals } from './arrivals.js';
import { EVENT_TYPE, syntheticEvent } from './synthetic-event.js';

/** What many at once are written in. */
const BATCH = 100;

/** From the commit of an outbox row by EventPublisher, over a relay in its process, as each app has one, to a consumer. */
export class OutboxWay {
  private constructor(
    private readonly db: TenantDb,
    private readonly publisher: EventPublisher,
    private readonly arrivals: Arrivals,
    readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<OutboxWay> {
    const dataSource = await createDataSource(localSystem().postgres, { applicationName: 'agf-bench', poolSize: 4 });
    const db = new TenantDb(dataSource);
    const arrivals = await Arrivals.of(
      topicOf(EVENT_TYPE),
      ({ headers, value }) => decodeEvent(headers, value)?.event_id ?? '',
    );
    const nudges = new Nudges();
    const relay = new OutboxRelay({
      databaseUrl: localSystem().postgres,
      brokers: testStack().kafka.split(','),
      clientId: 'agf-bench',
      nudges,
      onWedged: (why) => {
        throw new Error(why);
      },
    });
    relay.start();
    return new OutboxWay(db, new EventPublisher(db, new OutboxRepository(db), nudges), arrivals, async () => {
      await relay.stop();
      await arrivals.close();
      await dataSource.destroy();
    });
  }

  /** @returns ms from the commit to the consumer */
  async one(): Promise<number> {
    const { committed, ids } = await this.publish(1);
    return (await this.arrivals.timeOf(ids[0]!)) - committed;
  }

  /** @returns how many events a second went all the way, from the first commit to the last arrival */
  async perSecond(count: number): Promise<number> {
    const written = [];
    for (let left = count; left > 0; left -= BATCH) written.push(await this.publish(Math.min(left, BATCH)));
    const first = written[0]?.committed ?? 0;
    const arrived = await Promise.all(written.flatMap(({ ids }) => ids.map((id) => this.arrivals.timeOf(id))));
    return (count * 1000) / (Math.max(...arrived) - first);
  }

  private async publish(count: number): Promise<{ committed: number; ids: string[] }> {
    const events = Array.from({ length: count }, syntheticEvent);
    await this.db.run(events[0]!.tenant_id, async () => {
      // The connection pipelines: writing must not be what limits the way.
      await Promise.all(events.map((event) => this.publisher.publish(event)));
    });
    return { committed: performance.now(), ids: events.map(({ event_id }) => event_id) };
  }
}
