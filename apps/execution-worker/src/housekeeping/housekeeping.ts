import { Rounds, SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { WorkerSettings } from '../config.js';
import { RemoveOld } from './remove-old.js';

/** Removes what is too old every now and then: instances do not meet, and one that often starts anew gets to it too. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(Housekeeping.name);
  private readonly rounds: Rounds;

  constructor(
    private readonly removeOld: RemoveOld,
    @Inject(SETTINGS) settings: WorkerSettings,
  ) {
    const intervalMs = settings.housekeepingIntervalSeconds * 1000;
    this.rounds = new Rounds((signal) => this.round(signal), {
      everyMs: () => intervalMs * (0.8 + 0.4 * Math.random()),
      firstAfterMs: intervalMs * Math.random(),
      failed: (err) => this.log.warn({ err, msg: 'what is too old could not be removed' }),
    });
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  private async round(signal: AbortSignal): Promise<void> {
    const removed = await this.removeOld.run(signal, new Date());
    if (Object.values(removed).some((count) => count !== 0))
      this.log.log({ msg: 'removed what is too old', ...removed });
  }
}
