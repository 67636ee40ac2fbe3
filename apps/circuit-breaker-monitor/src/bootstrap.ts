import { appConsumer } from '@aumos/agf-events';
import { Denials, Newcomers } from '@aumos/agf-persistence';
import { runService } from '@aumos/agf-platform';
import { MonitorModule, NAME } from './app.module.js';
import { monitorSettings } from './config.js';

export const bootstrap = (): Promise<void> =>
  runService({
    name: NAME,
    settings: monitorSettings,
    module: (settings) => MonitorModule.with(settings),
    swagger: { title: 'Circuit breakers', description: 'States and history of circuit breakers.' },
    denials: (app) => (denial) => app.get(Denials).write(denial),
    actors: (app) => (actor) => app.get(Newcomers).see(actor),
    microservice: appConsumer,
  });
