import { appConsumer } from '@aumos/agf-events';
import { Denials, Newcomers } from '@aumos/agf-persistence';
import { runService } from '@aumos/agf-platform';
import { ApprovalModule, NAME } from './app.module.js';
import { approvalSettings } from './config.js';

export const bootstrap = (): Promise<void> =>
  runService({
    name: NAME,
    settings: approvalSettings,
    module: (settings) => ApprovalModule.with(settings),
    swagger: { title: 'Approvals', description: 'Human approvals: what waits for a person, and what was decided.' },
    denials: (app) => (denial) => app.get(Denials).write(denial),
    actors: (app) => (actor) => app.get(Newcomers).see(actor),
    microservice: appConsumer,
  });
