import { redisKey } from '@aumos/agf-domain';

/** Every command that sessions and their scripts use. */
const COMMANDS = [
  ...['evalsha', 'eval', 'time', 'pttl', 'pexpire', 'unlink'],
  ...['hget', 'hmget', 'hgetall', 'hset', 'hsetnx', 'hdel', 'hlen', 'hstrlen'],
  ...['zadd', 'zrem', 'zcard', 'zrange', 'zrevrange', 'zremrangebyscore'],
];

/**
 * Rules of `ACL SETUSER` that confine a Redis user to one tenant's sessions. An `AgentSessions` over that user's
 * connection serves this tenant alone, whatever it is asked for.
 */
export const tenantAclRules = (tenant: string): string[] => [
  'resetkeys',
  `~${redisKey(tenant, 'session')}:*`,
  '-@all',
  ...COMMANDS.map((command) => `+${command}`),
];
