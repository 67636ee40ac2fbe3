import { redisKey, type RateLimit } from '@aumos/agf-domain';
import { type RedisCommands, script } from './redis/script.js';
import { ScriptRunner } from './redis/script-runner.js';
import { within } from './redis/within.js';

const ANSWER_WITHIN_MS = 500;

/** Counts only what it lets pass: who is refused and asks again does not make the wait longer. */
const TAKE = script(`
local taken = tonumber(redis.call('GET', KEYS[1]) or '0')
if taken >= tonumber(ARGV[1]) then
  local left = redis.call('PTTL', KEYS[1])
  if left > 0 then return left end
  redis.call('DEL', KEYS[1])
end
if redis.call('INCR', KEYS[1]) == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
`);

/** So many calls of a thing in a window of time that begins with the first of them, for all processes together. */
export class RateLimiter {
  private readonly runner: ScriptRunner;

  constructor(redis: RedisCommands) {
    this.runner = new ScriptRunner(redis);
  }

  /**
   * One round trip. @param key of the thing, in its tenant
   * @returns 0 when it may be called now, else the milliseconds until it may. @throws Redis' error
   */
  async take(tenantId: string, key: string, { calls, seconds }: RateLimit): Promise<number> {
    const name = redisKey(tenantId, 'rate', key);
    const answer = this.runner.run(TAKE, [name], String(calls), String(seconds * 1_000));
    return Number(await within(ANSWER_WITHIN_MS, answer));
  }
}
