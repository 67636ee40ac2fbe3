import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from '../../process/execute.js';
import { HOST } from '../../state/ports.js';
import { postgresIsHealthy } from '../health/postgres.js';
import { type Service, type Surroundings, portOf } from '../service.js';
import { installedPostgres, majorOfData, postgresFromNpm } from './programs.js';
import { type RunAs, runAs } from './run-as.js';
import { dropStaleLock } from './stale-lock.js';

export const POSTGRES_ADMIN = 'agf_admin';

/** Commits are durable: a start is answered only when it is on disk. */
const SETTINGS = {
  max_connections: '200',
  synchronous_commit: 'on',
  fsync: 'on',
  shared_buffers: '64MB',
} as const;

/** Everybody needs a password; texts compare by their bytes, the same on every machine. */
export const POSTGRES_INITDB = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'] as const;

const homeOf = ({ places }: Surroundings): string => join(places.data, 'postgres');
const dataOf = (around: Surroundings): string => join(homeOf(around), 'data');

/** Fills a folder aside and renames it: a start that was killed half-way leaves nothing that looks complete. */
async function initialise(around: Surroundings, bin: string, as: RunAs): Promise<void> {
  const home = homeOf(around);
  const aside = join(home, 'data.new');
  const password = join(home, 'password');
  rmSync(aside, { recursive: true, force: true });
  writeFileSync(password, around.secrets.password('postgres_admin'), { mode: 0o600 });
  if (as.owner) chownSync(password, as.owner.uid, as.owner.gid);
  const access = ['--username', POSTGRES_ADMIN, '--pwfile', password];
  await execute(as.wrap(join(bin, 'initdb'), ['--pgdata', aside, ...access, ...POSTGRES_INITDB]));
  rmSync(password);
  renameSync(aside, dataOf(around));
}

export const postgres: Service = {
  name: 'postgres',
  variable: 'AGF_POSTGRES_URL',
  ports: ['postgres'],
  // "fast": roll back what is open and end; SIGTERM would wait for every client.
  politely: 'SIGINT',
  healthy: postgresIsHealthy,
  advice: 'install the PostgreSQL server ≥ 15',

  installed: (around) => installedPostgres(dataOf(around)),

  async registry(around) {
    const data = majorOfData(dataOf(around));
    if (data !== undefined && data !== 18) return `the data here is of PostgreSQL ${String(data)}, npm's is 18`;
    return postgresFromNpm(around);
  },

  async command(around, { path: bin }) {
    const home = homeOf(around);
    const data = dataOf(around);
    mkdirSync(home, { recursive: true });
    const as = runAs(bin, around.places.data);
    if (as.owner) chownSync(home, as.owner.uid, as.owner.gid);
    if (!existsSync(join(data, 'PG_VERSION'))) await initialise(around, bin, as);
    await dropStaleLock(data);
    const settings = { ...SETTINGS, listen_addresses: HOST, unix_socket_directories: '' };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    return as.wrap(join(bin, 'postgres'), ['-D', data, '-p', String(portOf(around, 'postgres')), ...flags]);
  },
};
