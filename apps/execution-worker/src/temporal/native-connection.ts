import { installRuntime } from '@aumos/agf-engine/worker';
import { SETTINGS } from '@aumos/agf-platform';
import { type FactoryProvider, Logger } from '@nestjs/common';
import { NativeConnection } from '@temporalio/worker';
import type { WorkerSettings } from '../config.js';

export const nativeConnection: FactoryProvider<NativeConnection> = {
  provide: NativeConnection,
  useFactory: (settings: WorkerSettings) => {
    const log = new Logger('Temporal');
    installRuntime(({ message, fields }) => log.warn({ msg: message, ...fields }));
    return NativeConnection.connect({ address: settings.temporalServerUrl });
  },
  inject: [SETTINGS],
};
