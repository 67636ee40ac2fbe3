import { SweepRepository } from '@aumos/agf-persistence';
import { Rounds } from '@aumos/agf-platform';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { JudgeApprovals } from './judge-approvals.js';

const EVERY_MS = 1_000;

/** Has pending approvals judged anew, of every tenant whose people, or whose approvals, have changed. */
@Injectable()
export class WatchPeople implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(WatchPeople.name);
  private readonly rounds = new Rounds((signal) => this.round(signal), {
    everyMs: EVERY_MS,
    failed: (err) => this.log.warn({ err, msg: 'people not watched' }),
  });

  constructor(
    private readonly left: SweepRepository,
    private readonly judge: JudgeApprovals,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  private async round(signal: AbortSignal): Promise<void> {
    for (const tenant_id of await this.left.tenantsWithChanges())
      await this.judge
        .run(tenant_id, signal)
        .catch((err: unknown) => this.log.warn({ err, msg: 'approvals are not judged yet', tenant_id }));
  }
}
