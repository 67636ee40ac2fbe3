import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { testStack } from '@aumos/agf-testing';
import { Redis } from 'ioredis';

const NAMES = ['valkey-server', 'redis-server'];

/** The program that the test stack's Redis runs, else one on the PATH. @throws when there is none: nothing is skipped */
export async function redisProgram(): Promise<string> {
  const redis = new Redis(testStack().redis);
  const info = await redis.info('server');
  redis.disconnect();
  const own = /^executable:(.+?)\r?$/m.exec(info)?.[1];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const installed = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = [own ?? '', ...installed].find((file) => existsSync(file));
  if (!found) throw new Error(`neither the test stack's Redis runs here nor is ${NAMES.join(' or ')} on the PATH`);
  return found;
}
