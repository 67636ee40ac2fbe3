import { eventually, freePort, RedisServer } from '@aumos/agf-testing';
import { type Redis } from 'ioredis';
import { onServer } from './on-server.js';

const HOST = '127.0.0.1';
const SLOTS = 16_384;
/** A node that is silent for so long has failed; its replica takes over soon after. */
const NODE_TIMEOUT_MS = 1_000;

/** A Redis Cluster of a suite's own: masters that share the slots, and a replica of each. */
export class RedisCluster {
  private constructor(
    readonly masters: readonly RedisServer[],
    readonly replicas: readonly RedisServer[],
  ) {}

  static async start(masters: number): Promise<RedisCluster> {
    const nodes = await Promise.all(Array.from({ length: 2 * masters }, startNode));
    const servers = nodes.map(({ server }) => server);
    const cluster = new RedisCluster(servers.slice(0, masters), servers.slice(masters));
    try {
      await cluster.#meet(nodes as [Node, ...Node[]]);
      await cluster.#share();
    } catch (error) {
      await cluster.end();
      throw error;
    }
    return cluster;
  }

  /** Names the first two masters. */
  get url(): string {
    const [first, second] = this.masters.map(({ port }) => `${HOST}:${String(port)}`);
    return `redis+cluster://${first as string}?node=${second as string}`;
  }

  async end(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.close()));
  }

  async #meet([first, ...others]: [Node, ...Node[]]): Promise<void> {
    for (const { server, busPort } of others)
      await onServer(first.server, (redis) => redis.call('CLUSTER', 'MEET', HOST, String(server.port), busPort));
    for (const node of this.#nodes)
      await onServer(node, (redis) =>
        eventually(
          async () => (await tells('NODES', redis)).trim().split('\n').length === this.#nodes.length,
          'the meeting',
        ),
      );
  }

  get #nodes(): RedisServer[] {
    return [...this.masters, ...this.replicas];
  }

  /** Slots to the masters, to each its replica. */
  async #share(): Promise<void> {
    const share = Math.ceil(SLOTS / this.masters.length);
    for (const [i, master] of this.masters.entries()) {
      const last = Math.min(SLOTS, (i + 1) * share) - 1;
      await onServer(master, (redis) => redis.call('CLUSTER', 'ADDSLOTSRANGE', String(i * share), String(last)));
      const id = await onServer(master, (redis) => redis.cluster('MYID'));
      await onServer(this.replicas[i] as RedisServer, (redis) =>
        eventually(
          () =>
            redis.cluster('REPLICATE', id).then(
              () => true,
              () => false,
            ),
          'the replica to know its master',
        ),
      );
    }
    for (const node of this.#nodes)
      await onServer(node, (redis) =>
        eventually(async () => (await tells('INFO', redis)).includes('cluster_state:ok'), 'the cluster to be well'),
      );
    for (const replica of this.replicas)
      await onServer(replica, (redis) =>
        eventually(
          async () => (await redis.info('replication')).includes('master_link_status:up'),
          'the replica to follow',
        ),
      );
  }
}

interface Node {
  server: RedisServer;
  /** where the nodes talk */
  busPort: string;
}

async function startNode(): Promise<Node> {
  const busPort = String(await freePort());
  const server = await RedisServer.start({
    'cluster-enabled': 'yes',
    'cluster-port': busPort,
    'cluster-node-timeout': String(NODE_TIMEOUT_MS),
  });
  return { server, busPort };
}

const tells = (of: 'INFO' | 'NODES', redis: Redis): Promise<string> => redis.call('CLUSTER', of) as Promise<string>;
