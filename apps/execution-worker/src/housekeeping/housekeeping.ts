import { setTimeout as sleep } from 'node:timers/promises';
import { SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { WorkerSettings } from '../config.js';
import { RemoveOld } from './remove-old.js';

/** Removes what is too old every now and then: instances do not meet, and one that often starts anew gets to it too. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(Housekeeping.name);
  private readonly stop = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly removeOld: RemoveOld,
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { signal } = this.stop;
    const intervalMs = this.settings.housekeepingIntervalSeconds * 1000;
    for (let waitMs = intervalMs * Math.random(); ; waitMs = intervalMs * (0.8 + 0.4 * Math.random())) {
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const removed = await this.removeOld.run(signal, new Date());
      if (Object.values(removed).some((count) => count !== 0))
        this.log.log({ msg: 'removed what is too old', ...removed });
    }
  }
}
