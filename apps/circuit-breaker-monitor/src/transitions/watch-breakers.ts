import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Rounds } from '@aumos/agf-platform';
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
  private readonly rounds = new Rounds((signal) => this.round(signal), {
    everyMs: () => this.pauseMs,
    firstAfterMs: 0,
    failed: (err) => {
      this.note([err]);
      this.pauseMs = RETRY_MS;
    },
  });
  private pauseMs = EVERY_MS;
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
    this.rounds.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  private async round(signal: AbortSignal): Promise<void> {
    const isTime = Date.now() >= this.rescanAt;
    if (isTime) await this.known.learn();
    const { tenants, forgotten } = await this.known.announced();
    const drained = await this.each(tenants, (id) => this.reader.drain(id, signal));
    const rescanned = await this.each(isTime ? tenants : forgotten, (id) => this.rescan.run(id, signal));
    const failed = [...drained.failed, ...rescanned.failed];
    if (isTime && failed.length === 0) this.rescanAt = Date.now() + RESCAN_EVERY_MS;
    if (isTime) this.metrics.rescanned(rescanned.failed.length === 0);
    this.note(failed);
    const hasRead = drained.results.some((count) => count > 0);
    this.pauseMs = failed.length > 0 ? RETRY_MS : hasRead ? 0 : EVERY_MS;
  }

  private async each<T>(
    tenants: readonly string[],
    work: (tenantId: string) => Promise<T>,
  ): Promise<{ results: T[]; failed: unknown[] }> {
    const done: { results: T[]; failed: unknown[] } = { results: [], failed: [] };
    for (let i = 0; i < tenants.length && !this.rounds.signal.aborted; i += AT_ONCE)
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
