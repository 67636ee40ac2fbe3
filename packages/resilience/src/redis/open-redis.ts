import { Cluster, Redis, type RedisOptions } from 'ioredis';

const CLUSTER = /^(rediss?)\+cluster:/;
const REFRESH_SLOTS_MS = 5_000;
const MOST_PAUSE_MS = 2_000;
const RETRY_FAILED_OVER_MS = 100;

/**
 * A client of one server, or of a Redis Cluster: `redis+cluster://host:port`, further nodes to begin with as
 * `?node=host:port`, `rediss+cluster` with TLS. Both are given out as `Redis`: what this repository uses of a client is what
 * both have, and `duplicate`. It reconnects by itself; who uses it learns of errors by its commands.
 */
export function openRedis(url: string, options: RedisOptions): Redis {
  const retryStrategy = (times: number): number => Math.min(times * 100, MOST_PAUSE_MS);
  const client = CLUSTER.test(url) ? openCluster(url, options) : new Redis(url, { retryStrategy, ...options });
  client.on('error', () => undefined);
  return client;
}

function openCluster(url: string, options: RedisOptions): Redis {
  const given = new URL(url);
  const { username, password, searchParams } = given;
  const client = new Cluster([given.host, ...searchParams.getAll('node')].map(addressOf), {
    clusterRetryStrategy: (times) => Math.min(times * 100, MOST_PAUSE_MS),
    slotsRefreshInterval: REFRESH_SLOTS_MS,
    lazyConnect: options.lazyConnect ?? false,
    // Sending again what may have been done is for those who say that they can bear it.
    retryDelayOnFailover: options.autoResendUnfulfilledCommands === false ? 0 : RETRY_FAILED_OVER_MS,
    redisOptions: {
      ...options,
      username: decodeURIComponent(username),
      password: decodeURIComponent(password),
      ...(given.protocol.startsWith('rediss') && { tls: {} }),
    },
  });
  const duplicate = (other: RedisOptions = {}): Redis => openRedis(url, { ...options, ...other });
  return Object.assign(client, { duplicate }) as unknown as Redis;
}

function addressOf(address: string): { host: string; port: number } {
  const { hostname, port } = new URL(`redis://${address}`);
  return { host: hostname, port: Number(port || '6379') };
}
