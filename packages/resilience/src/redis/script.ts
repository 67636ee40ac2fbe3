import { createHash } from 'node:crypto';

/** What running scripts takes of an ioredis client, single or cluster. */
export interface RedisScripting {
  evalsha(sha: string, keys: number, ...args: string[]): Promise<unknown>;
  eval(script: string, keys: number, ...args: string[]): Promise<unknown>;
}

/** What breakers take of it. */
export interface RedisCommands extends RedisScripting {
  sadd(key: string, member: string): Promise<unknown>;
  ping(): Promise<unknown>;
}

export interface Script {
  source: string;
  sha: string;
}

export const script = (source: string): Script => ({ source, sha: createHash('sha1').update(source).digest('hex') });
