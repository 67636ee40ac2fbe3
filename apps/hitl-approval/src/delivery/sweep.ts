import { SweepRepository } from '@aumos/agf-persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeliverDecision } from './deliver-decision.js';

const EVERY_MS = 2_000;
/** What is younger is still on its normal way. */
const GRACE_MS = 2_000;

/** Delivers decisions again until their workflows have taken them. */
@Injectable()
export class Sweep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(Sweep.name);
  private readonly stop = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly left: SweepRepository,
    private readonly deliver: DeliverDecision,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted) {
      await sleep(EVERY_MS, undefined, { signal: this.stop.signal }).catch(() => undefined);
      if (!this.stop.signal.aborted)
        await this.sweep().catch((err: unknown) => this.log.warn({ err, msg: 'sweep failed' }));
    }
  }

  private async sweep(): Promise<void> {
    for (const { tenant_id, id } of await this.left.untakenDecisions(new Date(Date.now() - GRACE_MS)))
      await this.deliver
        .run(tenant_id, id)
        .catch((err: unknown) => this.log.warn({ err, msg: 'a decision is not delivered yet', approval_id: id }));
  }
}
