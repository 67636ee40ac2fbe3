import { ensureTopics } from '@aumos/agf-events';
import { type ServiceName, type Surroundings } from '../services/service.js';
import { addressesOf } from '../services/services.js';
import { type PlatformDatabase, providePlatformDatabase } from './platform-database.js';
import { seed } from './seed.js';
import { type Warehouse, provideWarehouse } from './warehouse.js';

export interface Databases {
  platform: PlatformDatabase;
  warehouse: Warehouse;
}

async function provideDatabases(around: Surroundings): Promise<Databases> {
  const { secrets, report } = around;
  const { postgres } = addressesOf(around);
  const [platform, warehouse] = await Promise.all([
    providePlatformDatabase(postgres, secrets),
    provideWarehouse(postgres, secrets),
  ]);
  await seed(platform.app, secrets.key('secrets_key'), warehouse);
  report('postgres', 'databases agf and warehouse are migrated, tenants acme and globex seeded');
  return { platform, warehouse };
}

async function provideTopics(around: Surroundings): Promise<void> {
  await ensureTopics(addressesOf(around).kafka.split(','), { replicationFactor: 1 });
  around.report('kafka', 'topics are there');
}

/**
 * Everything the apps stand on, each thing as soon as its service runs.
 * @param start starts a service and returns once it serves
 */
export async function provision(around: Surroundings, start: (name: ServiceName) => Promise<void>): Promise<Databases> {
  const databases = start('postgres').then(() => provideDatabases(around));
  const topics = start('kafka').then(() => provideTopics(around));
  const others = [start('redis'), start('temporal')];
  const results = await Promise.allSettled([databases, topics, ...others]);
  const errors = results.filter((each) => each.status === 'rejected').map((each) => each.reason as unknown);
  if (errors.length) throw new AggregateError(errors, errors.map(messageOf).join('\n'));
  return databases;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
