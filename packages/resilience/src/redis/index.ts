/** How this repository runs Lua on Redis: for every package that keeps something there. */
export { openRedis } from './open-redis.js';
export { type RedisScripting, type Script, script } from './script.js';
export { ScriptRunner } from './script-runner.js';
export { Turn } from './turn.js';
export { within } from './within.js';
