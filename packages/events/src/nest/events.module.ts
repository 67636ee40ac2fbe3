import { type DynamicModule, Module } from '@nestjs/common';
import { InboxRepository, TenantDb } from '@aumos/agf-persistence';
import { Inbox } from '../consumer/inbox.js';
import { TenantInbox } from '../consumer/tenant-inbox.js';
import { EventPublisher } from '../publish/event-publisher.js';
import { Nudges } from '../relay/nudges.js';
import { AppRelay, EVENTS_OPTIONS, type EventsOptions } from './app-relay.js';

/**
 * Events for an app: publisher and inbox, global, and a relay that brings the outbox to Kafka. PersistenceModule must
 * be there. Kafka being away keeps no app from starting.
 */
@Module({})
export class EventsModule {
  static for(options: EventsOptions): DynamicModule {
    return {
      module: EventsModule,
      global: true,
      providers: [
        { provide: EVENTS_OPTIONS, useValue: options },
        Nudges,
        AppRelay,
        EventPublisher,
        {
          provide: Inbox,
          useFactory: (db: TenantDb, inbox: InboxRepository) => new TenantInbox(db, inbox),
          inject: [TenantDb, InboxRepository],
        },
      ],
      exports: [AppRelay, EventPublisher, Inbox],
    };
  }
}
