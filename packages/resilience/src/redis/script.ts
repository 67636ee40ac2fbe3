import { createHash } from 'node:crypto';

/** What is used of an ioredis client, single or cluster. */
export interface RedisCommands {
  evalsha(sha: string, keys: number, ...args: string[]): Promise<unknown>;
  eval(script: string, keys: number, ...args: string[]): Promise<unknown>;
  sadd(key: string, member: string): Promise<unknown>;
}

export interface Script {
  source: string;
  sha: string;
}

export const script = (source: string): Script => ({ source, sha: createHash('sha1').update(source).digest('hex') });
