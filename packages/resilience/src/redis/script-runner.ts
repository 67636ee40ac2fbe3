import { type RedisCommands, type Script } from './script.js';
import { within } from './within.js';

/** Runs scripts by their hash; a server that does not know one yet (new, flushed, failed over) is given it. */
export class ScriptRunner {
  constructor(
    private readonly redis: RedisCommands,
    private readonly timeoutMs: number,
  ) {}

  /** @throws Redis' error, or that it did not answer in time */
  async run({ source, sha }: Script, keys: string[], ...args: string[]): Promise<unknown> {
    try {
      return await within(this.timeoutMs, this.redis.evalsha(sha, keys.length, ...keys, ...args));
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return within(this.timeoutMs, this.redis.eval(source, keys.length, ...keys, ...args));
    }
  }
}
