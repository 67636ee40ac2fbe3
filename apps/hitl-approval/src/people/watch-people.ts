import { SweepRepository } from '@aumos/agf-persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { JudgeApprovals } from './judge-approvals.js';

const EVERY_MS = 1_000;

/** Has pending approvals judged anew, of every tenant whose people, or whose approvals, have changed. */
@Injectable()
export class WatchPeople implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(WatchPeople.name);
  private readonly stop = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly left: SweepRepository,
    private readonly judge: JudgeApprovals,
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
    while (!signal.aborted) {
      await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted)
        await this.round().catch((err: unknown) => this.log.warn({ err, msg: 'people not watched' }));
    }
  }

  private async round(): Promise<void> {
    for (const tenant_id of await this.left.tenantsWithChanges())
      await this.judge
        .run(tenant_id, this.stop.signal)
        .catch((err: unknown) => this.log.warn({ err, msg: 'approvals are not judged yet', tenant_id }));
  }
}
