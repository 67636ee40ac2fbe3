import { setTimeout as sleep } from 'node:timers/promises';
import { SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { MonitorSettings } from '../config.js';
import { CompleteDrills } from './complete-drills.js';

const EVERY_MS = 1_000;

/** Looks after the drills of every sandbox tenant: also those that another monitor began, or an earlier run of this one. */
@Injectable()
export class WatchDrills implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(WatchDrills.name);
  private readonly stop = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly complete: CompleteDrills,
    @Inject(SETTINGS) private readonly settings: MonitorSettings,
  ) {}

  onApplicationBootstrap(): void {
    const tenants = this.settings.sandboxTenants ?? [];
    if (tenants.length > 0) this.loop = this.run(tenants);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.loop;
  }

  private async run(tenants: readonly string[]): Promise<void> {
    const { signal } = this.stop;
    while (!signal.aborted) {
      for (const tenant of tenants)
        await this.complete.run(tenant).catch((err: unknown) => {
          this.log.warn({ err, msg: 'cannot look after drills', tenant_id: tenant });
        });
      await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
