import { BreakerIsolations } from '@aumos/agf-domain';
import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { BreakerGuard } from '../breaker-guard.js';
import { RateLimiter } from '../rate-limiter.js';
import { openRedis } from '../redis/open-redis.js';

export interface RedisOptions {
  /** as `openRedis` takes it */
  url: string;
  clientName: string;
}

/**
 * Redis for an app: the client, the guard and the limiter, global; the connection closes with the app. Somebody else
 * provides BreakerIsolations.
 */
@Module({})
export class RedisModule implements OnApplicationShutdown {
  constructor(private readonly redis: Redis) {}

  static for({ url, clientName }: RedisOptions): DynamicModule {
    // Commands fail at once while Redis is away: who calls decides what that means, nobody waits for a reconnect.
    const client = (): Redis =>
      openRedis(url, {
        connectionName: clientName,
        enableOfflineQueue: true,
        maxRetriesPerRequest: 1,
        connectTimeout: 2_000,
      });
    return {
      module: RedisModule,
      global: true,
      providers: [
        { provide: Redis, useFactory: client },
        {
          provide: BreakerGuard,
          useFactory: (redis: Redis, isolations: BreakerIsolations) =>
            new BreakerGuard(redis, { isolations: (tenantId) => isolations.of(tenantId) }),
          inject: [Redis, BreakerIsolations],
        },
        { provide: RateLimiter, useFactory: (redis: Redis) => new RateLimiter(redis), inject: [Redis] },
      ],
      exports: [Redis, BreakerGuard, RateLimiter],
    };
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}
