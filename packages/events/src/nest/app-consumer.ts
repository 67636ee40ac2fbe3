import { type INestApplicationContext } from '@nestjs/common';
import { Inbox } from '../consumer/inbox.js';
import { ReliableKafkaServer } from '../consumer/reliable-kafka-server.js';
import { EVENTS_OPTIONS, type EventsOptions, WEDGED } from './app-relay.js';

/** What brings events to an app's handlers: one consumer group an app. A wedged one ends the process. */
export function appConsumer(app: INestApplicationContext): ReliableKafkaServer {
  const { brokers, topicPrefix, replicationFactor, clientId } = app.get<EventsOptions>(EVENTS_OPTIONS);
  return new ReliableKafkaServer({
    brokers: [...brokers],
    clientId,
    groupId: `${topicPrefix}agf-${clientId}`,
    topicPrefix,
    replicationFactor,
    inbox: app.get(Inbox),
    onWedged: () => process.exit(WEDGED),
  });
}
