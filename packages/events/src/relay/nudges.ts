import { OUTBOX_NUDGES } from '@aumos/agf-domain';

/** Tells a relay that a shard has something to send. A lost nudge costs the poll's delay, nothing else. */
export interface Nudges {
  /** Waits for nothing: the source may be away. @returns what ends it */
  listen(onShard: (shard: number) => void): () => void;
}

/** What is used of an ioredis connection; it must be one of its own, for a subscriber can send no other commands. */
export interface RedisSubscriber {
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: 'message', listener: (channel: string, message: string) => void): unknown;
  off(event: 'message', listener: (channel: string, message: string) => void): unknown;
}

/** Nudges over Redis pub/sub: the message is the shard's number. */
export class RedisNudges implements Nudges {
  constructor(private readonly redis: RedisSubscriber) {}

  listen(onShard: (shard: number) => void): () => void {
    const listener = (channel: string, message: string): void => {
      if (channel === OUTBOX_NUDGES && /^\d+$/.test(message)) onShard(Number(message));
    };
    this.redis.on('message', listener);
    this.redis.subscribe(OUTBOX_NUDGES).catch(() => undefined);
    return () => {
      this.redis.off('message', listener);
      this.redis.unsubscribe(OUTBOX_NUDGES).catch(() => undefined);
    };
  }
}
