import { BREAKER_TENANTS, breakerTransitionsKey } from '@aumos/agf-domain';
import { transitionOf } from '@aumos/agf-resilience';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { RecordTransition } from './record-transition.js';

const EVERY_MS = 200;
const RETRY_MS = 1_000;
const BATCH = 200;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
type Entry = [id: string, fields: string[]];

/**
 * Reads every tenant's stream of transitions. The place in a stream is remembered in memory only: a start reads what the
 * stream still holds, and what was recorded before is dropped by its id. After a flush the ids go on growing.
 */
@Injectable()
export class TransitionReader implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(TransitionReader.name);
  private readonly stop = new AbortController();
  private readonly places = new Map<string, string>();
  private loop: Promise<void> = Promise.resolve();
  private trouble: string | undefined;

  constructor(
    private readonly redis: Redis,
    private readonly record: RecordTransition,
  ) {}

  /** For readiness. @throws what the last round met */
  check(): void {
    if (this.trouble !== undefined) throw new Error(this.trouble);
  }

  onApplicationBootstrap(): void {
    this.loop = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted) {
      const pause = await this.round().then(
        (read) => (read > 0 ? 0 : EVERY_MS),
        (err: unknown) => {
          if (this.trouble === undefined) this.log.warn({ err, msg: 'cannot read transitions' });
          this.trouble = err instanceof Error ? err.message : 'unknown';
          return RETRY_MS;
        },
      );
      if (pause !== RETRY_MS) this.trouble = undefined;
      if (pause > 0) await sleep(pause, undefined, { signal: this.stop.signal }).catch(() => undefined);
    }
  }

  private async round(): Promise<number> {
    const tenants = (await this.redis.smembers(BREAKER_TENANTS)).filter((id) => UUID.test(id));
    let read = 0;
    for (const tenant of tenants) read += await this.drain(tenant);
    return read;
  }

  private async drain(tenantId: string): Promise<number> {
    const key = breakerTransitionsKey(tenantId);
    const answer = await this.redis.xread('COUNT', BATCH, 'STREAMS', key, this.places.get(tenantId) ?? '0-0');
    const entries = (answer?.[0]?.[1] ?? []) as Entry[];
    for (const [id, fields] of entries) {
      await this.take(tenantId, id, fields);
      this.places.set(tenantId, id);
    }
    return entries.length;
  }

  /** The place moves on only after the commit; what is no transition of this tenant is dropped aloud. */
  private async take(tenantId: string, id: string, fields: string[]): Promise<void> {
    const transition = this.read(fields);
    if (transition?.tenant_id !== tenantId) {
      this.log.error({ msg: 'dropped what is no transition of this tenant', tenant_id: tenantId, stream_id: id });
      return;
    }
    await this.record.run(id, transition);
  }

  private read(fields: string[]): ReturnType<typeof transitionOf> | undefined {
    try {
      return transitionOf(fields);
    } catch {
      return undefined;
    }
  }
}
