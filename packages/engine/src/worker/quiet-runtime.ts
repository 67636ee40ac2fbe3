import { DefaultLogger, Runtime } from '@temporalio/worker';

let installed = false;

/** For commands: what is under way tells of itself; only what nobody expects is logged. Signals are the process'. */
export function quietRuntime(): void {
  if (installed) return;
  installed = true;
  const telemetryOptions = { logging: { filter: 'OFF', forward: {} } };
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined), telemetryOptions, shutdownSignals: [] });
}
