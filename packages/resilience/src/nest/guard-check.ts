import { type BreakerGuard } from '../breaker-guard.js';

interface GuardCheck {
  name: string;
  needed: boolean;
  timeoutMs: number;
  check: () => Promise<{ status: 'healthy' | 'degraded'; message?: string }>;
}

/** What an app's `/ready` says of its breakers. The app works on without Redis: it is degraded, not down. */
export const guardCheck = (guard: BreakerGuard): GuardCheck => ({
  name: 'breakers',
  needed: false,
  timeoutMs: 1_000,
  check: async () => {
    const { redis, away_since } = await guard.look();
    if (redis === 'answering') return { status: 'healthy' };
    const since = `Redis is away since ${away_since ?? 'now'}`;
    return {
      status: 'degraded',
      message: `${since}: breakers of this process carry on, calls of level 3 and above are refused`,
    };
  },
});
