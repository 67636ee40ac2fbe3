import { Inbox, ReliableKafkaServer } from '@aumos/agf-events';
import { HealthRegistry, healthCheck } from '@aumos/agf-platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NAME } from '../app.module.js';
import type { MonitorSettings } from '../config.js';

/** sysexits.h EX_SOFTWARE: the process is started again. */
const WEDGED = 70;

/** What brings the events of workflows and agents; its health is told, and needed for nothing. */
export function consumer(settings: MonitorSettings, app: NestFastifyApplication): ReliableKafkaServer {
  const server = new ReliableKafkaServer({
    brokers: [...settings.kafkaBrokers],
    clientId: NAME,
    groupId: `${settings.kafkaTopicPrefix}agf-${NAME}`,
    topicPrefix: settings.kafkaTopicPrefix,
    replicationFactor: settings.kafkaReplicationFactor,
    inbox: app.get(Inbox),
    onWedged: () => process.exit(WEDGED),
  });
  app.get(HealthRegistry).add(healthCheck('consumer', async () => check(server), { needed: false }));
  return server;
}

/** @throws what keeps it from Kafka */
function check(server: ReliableKafkaServer): void {
  const { status, message } = server.health();
  if (status === 'down') throw new Error(message);
}
