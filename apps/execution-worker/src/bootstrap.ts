import { Inbox, ReliableKafkaServer } from '@aumos/agf-events';
import { runService } from '@aumos/agf-platform';
import { NAME, WorkerModule } from './app.module.js';
import { workerSettings } from './config.js';

/** sysexits.h EX_SOFTWARE: the process is started again. */
const WEDGED = 70;

export const bootstrap = (): Promise<void> =>
  runService({
    name: NAME,
    settings: workerSettings,
    module: (settings) => WorkerModule.with(settings),
    microservice: (settings, app) =>
      new ReliableKafkaServer({
        brokers: [...settings.kafkaBrokers],
        clientId: NAME,
        groupId: `${settings.kafkaTopicPrefix}agf-${NAME}`,
        topicPrefix: settings.kafkaTopicPrefix,
        inbox: app.get(Inbox),
        onWedged: () => process.exit(WEDGED),
      }),
  });
