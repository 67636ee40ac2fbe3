import { becomeCurrentBy, createExecutionWorker, versionBy } from '@aumos/agf-engine/worker';
import { PayloadStore } from '@aumos/agf-persistence';
import { HealthRegistry, healthCheck, SETTINGS } from '@aumos/agf-platform';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Worker } from '@temporalio/worker';
import type { WorkerSettings } from '../config.js';
import { Activities } from './execution-activities.js';
import { TemporalClient } from './temporal-client.js';

/** The Temporal worker of this process. When it fails, the process ends, and Kubernetes starts it again. */
@Injectable()
export class TemporalWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(TemporalWorker.name);
  private readonly stop = new AbortController();
  private worker?: Worker;
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
    private readonly temporal: TemporalClient,
    private readonly activities: Activities,
    private readonly largePayloads: PayloadStore,
    health: HealthRegistry,
  ) {
    health.add(
      healthCheck('worker', async () => {
        const state = this.worker?.getState() ?? 'STARTING';
        if (state !== 'RUNNING') throw new Error(state);
      }),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    this.worker = await createExecutionWorker({
      connection: this.temporal.connection,
      namespace: this.settings.temporalNamespace,
      activities: this.activities.all(),
      largePayloads: this.largePayloads,
      shutdownGraceMs: Math.max(1000, (this.settings.shutdownTimeoutSeconds - 5) * 1000),
      ...versionBy(this.settings, 'executions'),
    });
    this.running = this.worker.run().catch((error: unknown) => {
      this.log.fatal({ err: error, msg: 'the worker failed' });
      process.exit(70);
    });
    void becomeCurrentBy(this.settings, {
      ...{ worker: this.worker, client: () => this.temporal.client, which: 'executions' },
      ...{ signal: this.stop.signal, log: this.log },
    });
  }

  /** Takes no new tasks, finishes those under way. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    if (this.worker?.getState() === 'RUNNING') this.worker.shutdown();
    await this.running;
  }
}
