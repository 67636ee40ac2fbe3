import { testStack } from '@aumos/agf-testing';
import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';

/** Valkey's databases but the first, which other suites share. */
const DATABASES = 15;

/**
 * A database of Redis for the suites of one of Jest's workers, emptied: monitors look after every tenant that they find
 * in Redis, and would repair those of a suite with another database.
 */
export async function ownRedis(): Promise<string> {
  const place = createHash('sha256').update(process.cwd()).digest()[0]!;
  const url = new URL(testStack().redis);
  url.pathname = `/${String(1 + ((place + Number(process.env['JEST_WORKER_ID'] ?? 0)) % DATABASES))}`;
  const redis = new Redis(url.href);
  await redis.flushdb();
  redis.disconnect();
  return url.href;
}
