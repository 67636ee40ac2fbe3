import { createHash } from 'node:crypto';

/** What is used of an ioredis client, single or cluster. */
export interface RedisCommands {
  readonly status: string;
  evalsha(sha: string, keys: number, ...args: string[]): Promise<unknown>;
  eval(script: string, keys: number, ...args: string[]): Promise<unknown>;
  sadd(key: string, member: string): Promise<unknown>;
}

export interface Script {
  source: string;
  sha: string;
}

export const script = (source: string): Script => ({ source, sha: createHash('sha1').update(source).digest('hex') });

/** EVALSHA; a server that does not know the script yet (new, flushed, failed over) is given it. */
export async function runScript(
  redis: RedisCommands,
  { source, sha }: Script,
  keys: string[],
  args: string[],
): Promise<unknown> {
  try {
    return await redis.evalsha(sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return redis.eval(source, keys.length, ...keys, ...args);
  }
}
