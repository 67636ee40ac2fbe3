import { type BreakerKey, type BreakerRecord, type BreakerTransition, redisKey } from '@aumos/agf-domain';
import { type Redis } from 'ioredis';
import { breakerScripts } from '../../src/redis/lua/scripts.js';
import { script } from '../../src/redis/script.js';
import { ScriptRunner } from '../../src/redis/script-runner.js';
import { transitionOf } from '../../src/transition.convert.js';
import { KEYS } from './commands.js';
import { type Sent } from './play.js';

/**
 * The shipped scripts as functions of one script that plays a sequence in one call, under a clock that the sequence sets,
 * and takes away what it left. A million sequences are a million round trips, not twenty.
 */
const PLAY = (() => {
  const scripts = Object.entries(breakerScripts('return test_now'))
    .filter(([name]) => !['read', 'list'].includes(name))
    .map(([name, source]) => `scripts.${name} = function(KEYS, ARGV)\n${source as string}\nend`);
  return script(`local test_now
local scripts = {del = function(KEYS) redis.call('DEL', unpack(KEYS)) return 0 end}
${scripts.join('\n')}
local prefix, answers, records = KEYS[1], {}, {}
for n, sent in ipairs(cjson.decode(ARGV[1])) do
  test_now = sent.at
  answers[n] = scripts[sent.script](sent.keys, sent.args)
end
for i, key in ipairs(cjson.decode(ARGV[2])) do
  records[i] = redis.call('GET', prefix .. key)
  redis.call('DEL', prefix .. key)
end
local index = redis.call('ZRANGE', prefix .. 'index', 0, -1)
local told = redis.call('XRANGE', prefix .. 'transitions', '-', '+')
for _, id in ipairs(cjson.decode(ARGV[3])) do redis.call('DEL', prefix .. 'reported:' .. id) end
redis.call('DEL', prefix .. 'index', prefix .. 'transitions', prefix .. 'isolated', prefix .. 'isolations')
return {answers, records, index, told}`);
})();

export interface Played {
  answers: unknown[];
  records: Map<BreakerKey, BreakerRecord>;
  index: string[];
  transitions: BreakerTransition[];
}

export async function playOnRedis(redis: Redis, tenantId: string, sent: Sent[], permits: string[]): Promise<Played> {
  const prefix = redisKey(tenantId, 'breaker', '');
  const args = [sent, KEYS, permits].map((value) => JSON.stringify(value));
  const answer = await new ScriptRunner(redis).run(PLAY, [prefix], ...args);
  const [answers, raw, index, told] = answer as [unknown[], (string | null)[], string[], [string, string[]][]];
  return {
    answers,
    records: new Map(KEYS.flatMap((key, i) => (raw[i] ? [[key, JSON.parse(raw[i]) as BreakerRecord] as const] : []))),
    index,
    transitions: told.map(([, fields]) => transitionOf(fields)),
  };
}
