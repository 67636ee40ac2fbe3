import { Rounds, SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { MonitorSettings } from '../config.js';
import { CompleteDrills } from './complete-drills.js';

const EVERY_MS = 1_000;

/** Looks after the drills of every sandbox tenant: also those that another monitor began, or an earlier run of this one. */
@Injectable()
export class WatchDrills implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(WatchDrills.name);
  private readonly rounds = new Rounds(() => this.round(), {
    everyMs: EVERY_MS,
    firstAfterMs: 0,
    failed: (err) => this.log.warn({ err, msg: 'cannot look after drills' }),
  });

  constructor(
    private readonly complete: CompleteDrills,
    @Inject(SETTINGS) private readonly settings: MonitorSettings,
  ) {}

  onApplicationBootstrap(): void {
    if (this.tenants.length > 0) this.rounds.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  private get tenants(): readonly string[] {
    return this.settings.sandboxTenants ?? [];
  }

  private async round(): Promise<void> {
    for (const tenant of this.tenants)
      await this.complete.run(tenant).catch((err: unknown) => {
        this.log.warn({ err, msg: 'cannot look after drills', tenant_id: tenant });
      });
  }
}
