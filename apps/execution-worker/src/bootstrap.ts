import { appConsumer } from '@aumos/agf-events';
import { runService } from '@aumos/agf-platform';
import { NAME, WorkerModule } from './app.module.js';
import { workerSettings } from './config.js';

export const bootstrap = (): Promise<void> =>
  runService({
    name: NAME,
    settings: workerSettings,
    module: (settings) => WorkerModule.with(settings),
    microservice: appConsumer,
  });
