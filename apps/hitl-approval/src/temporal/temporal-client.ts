import { HealthRegistry, healthCheck, SETTINGS } from '@aumos/agf-platform';
import { installRuntime, withLargePayloads } from '@aumos/agf-engine/worker';
import { PayloadStore } from '@aumos/agf-persistence';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { ApprovalSettings } from '../config.js';

/** The connection to Temporal, made in the background: decisions are taken while Temporal is away. */
@Injectable()
export class TemporalClient implements OnApplicationShutdown {
  private connection?: NativeConnection;
  private made?: Client;

  constructor(
    @Inject(SETTINGS) private readonly settings: ApprovalSettings,
    private readonly payloads: PayloadStore,
    health: HealthRegistry,
  ) {
    const log = new Logger('Temporal');
    installRuntime(({ message, fields }) => log.warn({ msg: message, ...fields }));
    health.add(
      healthCheck('temporal', async () => this.client().connection.workflowService.getSystemInfo({}), {
        needed: false,
      }),
    );
  }

  /** @throws while there is no connection yet */
  async connect(): Promise<NativeConnection> {
    this.connection ??= await NativeConnection.connect({ address: this.settings.temporalServerUrl });
    this.made ??= new Client({
      connection: this.connection,
      namespace: this.settings.temporalNamespace,
      dataConverter: withLargePayloads(this.payloads),
    });
    return this.connection;
  }

  /** @throws while there is no connection yet: the sweep comes again */
  client(): Client {
    if (!this.made) throw new Error('Temporal is not connected yet');
    return this.made;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection?.close();
  }
}
