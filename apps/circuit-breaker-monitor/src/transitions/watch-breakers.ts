import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { MonitorMetrics } from '../metrics/monitor-metrics.js';
import { RescanTenant } from '../rescan/rescan-tenant.js';
import { KnownTenants } from './known-tenants.js';
import { TransitionReader } from './transition-reader.js';

const EVERY_MS = 200;
const RETRY_MS = 1_000;
/** How long what a flush destroyed stays unnoticed where Redis still knows the tenant, at most. */
const RESCAN_EVERY_MS = 10_000;
/** Tenants read at once. */
const AT_ONCE = 8;

/**
 * Reads all tenants' streams, round after round, and compares Redis with PostgreSQL from time to time, at once where
 * Redis has forgotten a tenant. One tenant's trouble keeps nobody else waiting.
 */
@Injectable()
export class WatchBreakers implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(WatchBreakers.name);
  private readonly stop = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private trouble: string | undefined;
  private rescanAt = 0;

  constructor(
    private readonly known: KnownTenants,
    private readonly reader: TransitionReader,
    private readonly rescan: RescanTenant,
    private readonly metrics: MonitorMetrics,
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
      const { read, failed } = await this.round().catch((err: unknown) => ({ read: 0, failed: [err] }));
      this.note(failed);
      const pause = failed.length > 0 ? RETRY_MS : read > 0 ? 0 : EVERY_MS;
      await sleep(pause, undefined, { signal: this.stop.signal }).catch(() => undefined);
    }
  }

  private async round(): Promise<{ read: number; failed: unknown[] }> {
    const isTime = Date.now() >= this.rescanAt;
    if (isTime) await this.known.learn();
    const { tenants, forgotten } = await this.known.announced();
    const drained = await this.each(tenants, (id) => this.reader.drain(id, this.stop.signal));
    const rescanned = await this.each(isTime ? tenants : forgotten, (id) => this.rescan.run(id, this.stop.signal));
    const failed = [...drained.failed, ...rescanned.failed];
    if (isTime && failed.length === 0) this.rescanAt = Date.now() + RESCAN_EVERY_MS;
    if (isTime) this.metrics.rescanned(rescanned.failed.length === 0);
    return { read: drained.results.reduce((sum, n) => sum + n, 0), failed };
  }

  private async each<T>(
    tenants: readonly string[],
    work: (tenantId: string) => Promise<T>,
  ): Promise<{ results: T[]; failed: unknown[] }> {
    const done: { results: T[]; failed: unknown[] } = { results: [], failed: [] };
    for (let i = 0; i < tenants.length && !this.stop.signal.aborted; i += AT_ONCE)
      for (const one of await Promise.allSettled(tenants.slice(i, i + AT_ONCE).map(work)))
        if (one.status === 'fulfilled') done.results.push(one.value);
        else done.failed.push(one.reason);
    return done;
  }

  /** Said when it begins, not every second. */
  private note([err]: unknown[]): void {
    if (err !== undefined && this.trouble === undefined)
      this.log.warn({ err, msg: 'cannot follow the breakers of everybody' });
    this.trouble = err === undefined ? undefined : err instanceof Error ? err.message : 'unknown';
  }
}
