import { type Cluster, type Redis } from 'ioredis';

const STREAMS = '{agf:*}:breaker:transitions';
const TENANT = /^\{agf:(.+)\}:breaker:transitions$/;
/** Keys looked at in one step of a node. */
const STEP = 1_000;

/**
 * The tenants that have a stream of transitions, whatever was announced: each master is asked for its keys. Takes a look
 * at every key, so it is for now and then; `BREAKER_TENANTS` is for always. @throws Redis' error
 */
export async function findStreams(redis: Redis | Cluster): Promise<Set<string>> {
  const tenants = new Set<string>();
  for (const node of 'nodes' in redis ? redis.nodes('master') : [redis])
    for await (const keys of node.scanStream({ match: STREAMS, type: 'stream', count: STEP }))
      for (const key of keys as string[]) tenants.add(TENANT.exec(key)?.[1] as string);
  return tenants;
}
