import { Inbox, ReliableKafkaServer } from '@aumos/agf-events';
import { HealthRegistry, healthCheck, runService } from '@aumos/agf-platform';
import { NAME, WorkerModule } from './app.module.js';
import { workerSettings } from './config.js';

/** sysexits.h EX_SOFTWARE: the process is started again. */
const WEDGED = 70;

export const bootstrap = (): Promise<void> =>
  runService({
    name: NAME,
    settings: workerSettings,
    module: (settings) => WorkerModule.with(settings),
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
