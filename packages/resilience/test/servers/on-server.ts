import { type RedisServer } from '@aumos/agf-testing';
import { Redis } from 'ioredis';

/** Something on a connection of its own. */
export async function onServer<T>({ url }: RedisServer, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
  redis.on('error', () => undefined);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
