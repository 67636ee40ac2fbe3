import { join } from 'node:path';
import { type Surroundings } from '../services/service.js';
import { type AppName } from './app-settings.js';
import { childEnvironment } from './environment.js';
import { NodePart } from './node-part.js';

/** One of the four apps, from its build. */
export const appPart = (around: Surroundings, name: AppName, settings: Record<string, string>): NodePart =>
  new NodePart(
    {
      name,
      file: join(around.places.repository, 'apps', name, 'dist/main.js'),
      ready: '/ready',
      env: (port) => childEnvironment({ ...settings, AUMOS_AGF_PORT: String(port) }),
    },
    around,
  );
