import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Surroundings } from '../services/service.js';
import { HOST } from '../state/ports.js';
import { childEnvironment } from './environment.js';
import { NodePart } from './node-part.js';

/** The build's main file: tests run from src as well. */
const MAIN = fileURLToPath(new URL('../../dist/issuer/main.js', import.meta.url));

export const issuerPart = (around: Surroundings): NodePart =>
  new NodePart(
    {
      name: 'issuer',
      file: MAIN,
      ready: '/.well-known/openid-configuration',
      env: (port) =>
        childEnvironment({
          AGF_ISSUER_HOST: HOST,
          AGF_ISSUER_PORT: String(port),
          AGF_ISSUER_KEYS: join(around.places.home, 'issuer-keys.json'),
        }),
    },
    around,
  );
