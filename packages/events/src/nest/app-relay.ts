import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Nudges } from '../relay/nudges.js';
import { OutboxRelay } from '../relay/outbox-relay.js';
import { ensureTopics } from '../topics/ensure-topics.js';

export interface EventsOptions {
  /** of the role agf_relay */
  relayDatabaseUrl: string;
  brokers: readonly string[];
  topicPrefix: string;
  replicationFactor: number;
  /** the app's name */
  clientId: string;
}

export const EVENTS_OPTIONS = Symbol('options of the events module');
const RETRY_MS = 1_000;
/** sysexits.h EX_SOFTWARE: the process is started again. */
export const WEDGED = 70;

/** The app's relay: makes the topics when Kafka is there, then brings the outbox to it until the app ends. */
@Injectable()
export class AppRelay implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(AppRelay.name);
  private readonly stop = new AbortController();
  private readonly relay: OutboxRelay;
  private starting: Promise<void> = Promise.resolve();

  constructor(
    @Inject(EVENTS_OPTIONS) private readonly options: EventsOptions,
    nudges: Nudges,
  ) {
    this.relay = new OutboxRelay({
      databaseUrl: options.relayDatabaseUrl,
      brokers: [...options.brokers],
      clientId: options.clientId,
      topicPrefix: options.topicPrefix,
      nudges,
      onWedged: (why) => {
        this.log.fatal({ msg: 'the relay makes no progress', why });
        process.exit(WEDGED);
      },
    });
  }

  /** For readiness. @throws what the last round met */
  check(): void {
    const { status, message } = this.relay.health();
    if (status === 'down') throw new Error(message);
  }

  /** Removes what was published longer ago, whichever app published it. @returns the number of events */
  deletePublished(olderThanDays: number): Promise<number> {
    return this.relay.deletePublished(olderThanDays);
  }

  onApplicationBootstrap(): void {
    this.starting = this.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.starting;
    await this.relay.stop();
  }

  private async start(): Promise<void> {
    const { brokers, topicPrefix, replicationFactor } = this.options;
    while (!this.stop.signal.aborted) {
      try {
        await ensureTopics([...brokers], { prefix: topicPrefix, replicationFactor });
        this.relay.start();
        return;
      } catch (error) {
        this.log.warn({ err: error, msg: 'the topics cannot be made yet' });
        await sleep(RETRY_MS, undefined, { signal: this.stop.signal }).catch(() => undefined);
      }
    }
  }
}
