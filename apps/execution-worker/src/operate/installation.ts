import { type LargePayloads, withLargePayloads } from '@aumos/agf-engine/worker';
import { PayloadStore, PersistenceModule } from '@aumos/agf-persistence';
import {
  artifactStorageOf,
  artifactStorageSettings,
  databaseSettings,
  defineSettings,
  loadSettings,
  type Settings,
  temporalSettings,
  workerVersionSettings,
} from '@aumos/agf-platform';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { Io } from './usage.js';

const temporal = defineSettings({ ...temporalSettings, ...workerVersionSettings });
const storage = defineSettings({ ...databaseSettings, ...artifactStorageSettings });

/** What a command needs of a running installation, opened when it is first needed: files replay without any. */
export class Installation {
  private connection?: NativeConnection;
  private store?: Promise<INestApplicationContext>;

  constructor(private readonly env: Io['env']) {}

  /** @throws SettingsError */
  get settings(): Settings<typeof temporal> {
    return loadSettings(temporal, this.env);
  }

  async client(): Promise<Client> {
    const { temporalServerUrl: address, temporalNamespace: namespace } = this.settings;
    this.connection ??= await NativeConnection.connect({ address });
    return new Client({
      connection: this.connection,
      namespace,
      identity: 'operate',
      dataConverter: withLargePayloads(this.payloads),
    });
  }

  /** Large values, each read as the tenant's whose it is. */
  readonly payloads: LargePayloads = {
    put: () => Promise.reject(new Error('nothing is stored here')),
    get: async (tenant, ids) => (await this.opened()).get(PayloadStore).get(tenant, ids),
  };

  async close(): Promise<void> {
    await this.connection?.close();
    await (await this.store?.catch(() => undefined))?.close();
  }

  private opened(): Promise<INestApplicationContext> {
    return (this.store ??= (async () => {
      const settings = loadSettings(storage, this.env);
      const artifacts = artifactStorageOf(settings);
      const options = { databaseUrl: settings.databaseUrl, applicationName: 'operate', poolSize: 2, artifacts };
      return NestFactory.createApplicationContext(PersistenceModule.for(options), { logger: false });
    })());
  }
}
