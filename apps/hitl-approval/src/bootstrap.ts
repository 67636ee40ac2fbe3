import { Inbox, ReliableKafkaServer } from '@aumos/agf-events';
import { Denials, Newcomers } from '@aumos/agf-persistence';
import { HealthRegistry, healthCheck, runService } from '@aumos/agf-platform';
import { ApprovalModule, NAME } from './app.module.js';
import { approvalSettings } from './config.js';

/** sysexits.h EX_SOFTWARE: the process is started again. */
const WEDGED = 70;

export const bootstrap = (): Promise<void> =>
  runService({
    name: NAME,
    settings: approvalSettings,
    module: (settings) => ApprovalModule.with(settings),
    swagger: { title: 'Approvals', description: 'Human approvals: what waits for a person, and what was decided.' },
    denials: (app) => (denial) => app.get(Denials).write(denial),
    actors: (app) => (actor) => app.get(Newcomers).see(actor),
    microservice: (settings, app) => {
      const consumer = new ReliableKafkaServer({
        brokers: [...settings.kafkaBrokers],
        clientId: NAME,
        groupId: `${settings.kafkaTopicPrefix}agf-${NAME}`,
        topicPrefix: settings.kafkaTopicPrefix,
        replicationFactor: settings.kafkaReplicationFactor,
        inbox: app.get(Inbox),
        onWedged: () => process.exit(WEDGED),
      });
      app.get(HealthRegistry).add(healthCheck('consumer', async () => checkConsumer(consumer), { needed: false }));
      return consumer;
    },
  });

/** @throws what keeps it from Kafka */
function checkConsumer(consumer: ReliableKafkaServer): void {
  const { status, message } = consumer.health();
  if (status === 'down') throw new Error(message);
}
