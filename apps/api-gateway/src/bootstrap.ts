import { Denials, Newcomers } from '@aumos/agf-persistence';
import { runService } from '@aumos/agf-platform';
import { GatewayModule, NAME } from './app.module.js';
import { gatewaySettings } from './config.js';
import { routeToOwners } from './routes/route-to-owners.js';

export const bootstrap = (): Promise<void> =>
  runService({
    name: NAME,
    settings: gatewaySettings,
    module: (settings) => GatewayModule.with(settings),
    swagger: {
      title: 'AumOS agent framework',
      description: 'Definitions, executions, artifacts and tools; approvals and breakers are answered by their owners.',
    },
    denials: (app) => (denial) => app.get(Denials).write(denial),
    actors: (app) => (actor) => app.get(Newcomers).see(actor),
    http: {
      streams: [{ method: 'POST', url: '/api/v1/artifacts' }],
      configure: routeToOwners,
    },
  });
