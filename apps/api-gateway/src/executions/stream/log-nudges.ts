import { executionLogChannel } from '@aumos/agf-domain';
import { Bell, type Wake } from '@aumos/agf-platform';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';

/** Redis says that an execution's log has grown. A message that is lost costs delay: followers look from time to time. */
@Injectable()
export class LogNudges implements OnApplicationShutdown {
  private readonly redis: Redis;
  private readonly bell = new Bell();

  constructor(redis: Redis) {
    // A subscribed connection takes no other commands.
    this.redis = redis.duplicate({ lazyConnect: true, maxRetriesPerRequest: null, enableOfflineQueue: true });
    this.redis.on('error', () => undefined);
    this.redis.on('message', (channel: string) => {
      this.bell.ring(channel);
    });
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }

  of(tenantId: string, executionId: string, signal: AbortSignal): Wake {
    const channel = executionLogChannel(tenantId, executionId);
    if (!this.bell.has(channel)) this.redis.subscribe(channel).catch(() => undefined);
    const wake = this.bell.listen(channel, signal);
    return {
      wait: (ms) => wake.wait(ms),
      close: () => {
        wake.close();
        if (!this.bell.has(channel)) this.redis.unsubscribe(channel).catch(() => undefined);
      },
    };
  }
}
