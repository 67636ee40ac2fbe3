import {
  type DynamicModule,
  Inject,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { InboxRepository, TenantDb } from '@aumos/agf-persistence';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inbox } from '../consumer/inbox.js';
import { TenantInbox } from '../consumer/tenant-inbox.js';
import { EventPublisher } from '../publish/event-publisher.js';
import { RedisNudges } from '../relay/nudges.js';
import { OutboxRelay } from '../relay/outbox-relay.js';
import { ensureTopics } from '../topics/ensure-topics.js';

export interface EventsOptions {
  /** of the role agf_relay */
  relayDatabaseUrl: string;
  brokers: string[];
  topicPrefix: string;
  replicationFactor: number;
  /** the app's name */
  clientId: string;
}

const OPTIONS = Symbol('options of the events module');
const RETRY_MS = 1_000;
/** sysexits.h EX_SOFTWARE: the process is started again. */
const WEDGED = 70;

/**
 * Events for an app: publisher and inbox, global, and a relay that brings the outbox to Kafka. PersistenceModule and an
 * ioredis client must be there. Kafka being away keeps no app from starting: topics are made when it is back.
 */
@Module({})
export class EventsModule implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(EventsModule.name);
  private readonly stop = new AbortController();
  private readonly subscriber: Redis;
  private readonly relay: OutboxRelay;
  private starting: Promise<void> = Promise.resolve();

  constructor(
    @Inject(OPTIONS) private readonly options: EventsOptions,
    redis: Redis,
  ) {
    // A subscriber can send no other commands; it comes back and subscribes again by itself.
    this.subscriber = redis.duplicate({ maxRetriesPerRequest: null });
    this.subscriber.on('error', () => undefined);
    this.relay = new OutboxRelay({
      databaseUrl: options.relayDatabaseUrl,
      brokers: options.brokers,
      clientId: options.clientId,
      topicPrefix: options.topicPrefix,
      nudges: new RedisNudges(this.subscriber),
      onWedged: (why) => {
        this.log.fatal({ msg: 'the relay makes no progress', why });
        process.exit(WEDGED);
      },
    });
  }

  static for(options: EventsOptions): DynamicModule {
    return {
      module: EventsModule,
      global: true,
      providers: [
        { provide: OPTIONS, useValue: options },
        EventPublisher,
        {
          provide: Inbox,
          useFactory: (db: TenantDb, inbox: InboxRepository) => new TenantInbox(db, inbox),
          inject: [TenantDb, InboxRepository],
        },
      ],
      exports: [EventPublisher, Inbox],
    };
  }

  /** For readiness. @throws what the last round met */
  checkRelay(): void {
    const { status, message } = this.relay.health();
    if (status === 'down') throw new Error(message);
  }

  onApplicationBootstrap(): void {
    this.starting = this.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.starting;
    await this.relay.stop();
    this.subscriber.disconnect();
  }

  private async start(): Promise<void> {
    const { brokers, topicPrefix, replicationFactor } = this.options;
    while (!this.stop.signal.aborted) {
      try {
        await ensureTopics(brokers, { prefix: topicPrefix, replicationFactor });
        return await this.relay.start();
      } catch (error) {
        this.log.warn({ err: error, msg: 'the topics cannot be made yet' });
        await sleep(RETRY_MS, undefined, { signal: this.stop.signal }).catch(() => undefined);
      }
    }
  }
}
