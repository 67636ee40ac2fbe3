import { type RedisScripting, type Script } from './script.js';

/** Runs scripts by their hash; a server that does not know one yet (new, flushed, failed over) is given it. */
export class ScriptRunner {
  constructor(private readonly redis: RedisScripting) {}

  /** @throws Redis' error */
  async run({ source, sha }: Script, keys: string[], ...args: string[]): Promise<unknown> {
    try {
      return await this.redis.evalsha(sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return this.redis.eval(source, keys.length, ...keys, ...args);
    }
  }
}
