import { withLargePayloads } from '@aumos/agf-engine/worker';
import { PayloadStore } from '@aumos/agf-persistence';
import { HealthRegistry, healthCheck, SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { WorkerSettings } from '../config.js';

/** One connection for worker and client: eager start works only through the very connection the worker uses. */
@Injectable()
export class TemporalClient implements OnApplicationShutdown {
  readonly client: Client;

  constructor(
    readonly connection: NativeConnection,
    @Inject(SETTINGS) settings: WorkerSettings,
    payloads: PayloadStore,
    health: HealthRegistry,
  ) {
    this.client = new Client({
      connection,
      namespace: settings.temporalNamespace,
      dataConverter: withLargePayloads(payloads),
    });
    health.add(healthCheck('temporal', () => connection.workflowService.getSystemInfo({})));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection.close();
  }
}
