import { executionLogChannel } from '@aumos/agf-domain';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';

/** Wakes its follower when something new may be there. */
export interface Nudge {
  /** Until told, or so long; at once when told since the last wait. */
  wait(ms: number): Promise<void>;
  close(): void;
}

/** Redis says that an execution's log has grown. A message that is lost costs delay: followers look from time to time. */
@Injectable()
export class LogNudges implements OnApplicationShutdown {
  private readonly redis: Redis;
  private readonly followers = new Map<string, Set<() => void>>();

  constructor(redis: Redis) {
    // A subscribed connection takes no other commands.
    this.redis = redis.duplicate({ lazyConnect: true, maxRetriesPerRequest: null, enableOfflineQueue: true });
    this.redis.on('error', () => undefined);
    this.redis.on('message', (channel: string) => {
      for (const tell of this.followers.get(channel) ?? []) tell();
    });
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }

  of(tenantId: string, executionId: string, signal: AbortSignal): Nudge {
    let told = false;
    let wake: () => void = () => undefined;
    const tell = (): void => {
      told = true;
      wake();
    };
    const channel = executionLogChannel(tenantId, executionId);
    this.add(channel, tell);
    signal.addEventListener('abort', tell);
    return {
      wait: async (ms) => {
        if (!told)
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, ms);
            wake = () => {
              clearTimeout(timer);
              resolve();
            };
          });
        told = false;
      },
      close: () => {
        signal.removeEventListener('abort', tell);
        this.remove(channel, tell);
      },
    };
  }

  private add(channel: string, tell: () => void): void {
    const followers = this.followers.get(channel);
    if (followers) followers.add(tell);
    else {
      this.followers.set(channel, new Set([tell]));
      this.redis.subscribe(channel).catch(() => undefined);
    }
  }

  private remove(channel: string, tell: () => void): void {
    const followers = this.followers.get(channel);
    followers?.delete(tell);
    if (followers?.size !== 0) return;
    this.followers.delete(channel);
    this.redis.unsubscribe(channel).catch(() => undefined);
  }
}
