import { SweepRepository } from '@aumos/agf-persistence';
import { Rounds } from '@aumos/agf-platform';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DeliverDecision } from './deliver-decision.js';

const EVERY_MS = 2_000;
/** What is younger is still on its normal way. */
const GRACE_MS = 2_000;

/** Delivers decisions again until their workflows have taken them. */
@Injectable()
export class Sweep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(Sweep.name);
  private readonly rounds = new Rounds(() => this.sweep(), {
    everyMs: EVERY_MS,
    failed: (err) => this.log.warn({ err, msg: 'sweep failed' }),
  });

  constructor(
    private readonly left: SweepRepository,
    private readonly deliver: DeliverDecision,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  private async sweep(): Promise<void> {
    for (const { tenant_id, id } of await this.left.untakenDecisions(new Date(Date.now() - GRACE_MS)))
      await this.deliver
        .run(tenant_id, id)
        .catch((err: unknown) => this.log.warn({ err, msg: 'a decision is not delivered yet', approval_id: id }));
  }
}
