import { becomeCurrentBy, createApprovalWorker, versionBy } from '@aumos/agf-engine/worker';
import { PayloadStore } from '@aumos/agf-persistence';
import { HealthRegistry, healthCheck, SETTINGS } from '@aumos/agf-platform';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Worker } from '@temporalio/worker';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApprovalSettings } from '../config.js';
import { Activities } from './approval-activities.js';
import { TemporalClient } from './temporal-client.js';

const RETRY_MS = 1_000;
/** sysexits.h EX_SOFTWARE: the process is started again. */
const FAILED = 70;

/** The Temporal worker of `agf-approvals`; it starts when Temporal is there, and the API does not wait for it. */
@Injectable()
export class ApprovalWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(ApprovalWorker.name);
  private readonly stop = new AbortController();
  private worker?: Worker;
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(SETTINGS) private readonly settings: ApprovalSettings,
    private readonly temporal: TemporalClient,
    private readonly activities: Activities,
    private readonly largePayloads: PayloadStore,
    health: HealthRegistry,
  ) {
    health.add(
      healthCheck(
        'worker',
        async () => {
          const state = this.worker?.getState() ?? 'STARTING';
          if (state !== 'RUNNING') throw new Error(state);
        },
        { needed: false },
      ),
    );
  }

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    if (this.worker?.getState() === 'RUNNING') this.worker.shutdown();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted && !this.worker) {
      this.worker = await this.create().catch(async (err: unknown) => {
        this.log.warn({ err, msg: 'the worker cannot start yet' });
        await sleep(RETRY_MS, undefined, { signal: this.stop.signal }).catch(() => undefined);
        return undefined;
      });
    }
    if (this.stop.signal.aborted || !this.worker) return;
    void becomeCurrentBy(this.settings, {
      ...{ worker: this.worker, client: () => this.temporal.client(), which: 'approvals' },
      ...{ signal: this.stop.signal, log: this.log },
    });
    await this.worker.run().catch((err: unknown) => {
      this.log.fatal({ err, msg: 'the worker failed' });
      process.exit(FAILED);
    });
  }

  private async create(): Promise<Worker> {
    return createApprovalWorker({
      connection: await this.temporal.connect(),
      namespace: this.settings.temporalNamespace,
      activities: this.activities.all(),
      largePayloads: this.largePayloads,
      shutdownGraceMs: 5_000,
      ...versionBy(this.settings, 'approvals'),
    });
  }
}
