export { BreakerGuard, type Guarded, type GuardedCall, type GuardHealth, type GuardOptions } from './breaker-guard.js';
export { type RestoredBreaker } from './breaker-orders.js';
export { type ListedBreakers } from './breaker-reader.js';
export { type BreakerView } from './breaker-view.js';
export { type LoadIsolations } from './isolations.js';
export { type KeyRange } from './redis/key-range.js';
export { RateLimiter } from './rate-limiter.js';
export { transitionOf } from './transition.convert.js';
export { RedisModule, type RedisOptions } from './nest/redis.module.js';
