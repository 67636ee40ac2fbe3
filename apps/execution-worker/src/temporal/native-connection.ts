import { SETTINGS } from '@aumos/agf-platform';
import type { FactoryProvider } from '@nestjs/common';
import { NativeConnection } from '@temporalio/worker';
import type { WorkerSettings } from '../config.js';

export const nativeConnection: FactoryProvider<NativeConnection> = {
  provide: NativeConnection,
  useFactory: (settings: WorkerSettings) => NativeConnection.connect({ address: settings.temporalServerUrl }),
  inject: [SETTINGS],
};
