import { SettingsError } from '../config/settings-error.js';
import { stopTelemetry } from '../telemetry/lifecycle.js';
import { createService, type Service } from './create-service.js';
import { type ServiceDefinition, type ServiceOptions } from './service-options.js';

/** sysexits.h: the configuration is wrong, starting again will not help. */
const EX_CONFIG = 78;
/** For the hooks that still run once the connections are cut. */
const GRACE_MS = 3000;

/**
 * An app's whole life: settings, start, one line `listening`, and on SIGTERM or SIGINT its end with exit code 0.
 * What nobody caught is logged and ends the process with 1: who runs it starts it again.
 */
export async function runService<D extends ServiceDefinition>(options: ServiceOptions<D>): Promise<void> {
  const service = await createService(options).catch((error: unknown) => failToStart(options.name, error));
  dieOfUncaught(service);
  let ending: Promise<void> | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      ending ??= end(service, signal);
    });
  try {
    const url = await service.listen();
    service.logger.info({ url }, 'listening');
  } catch (error) {
    if (!ending) die(service, error, 'the start failed');
  }
}

async function end<D extends ServiceDefinition>(service: Service<D>, signal: string): Promise<void> {
  service.logger.info({ signal }, 'shutting down');
  const late = (): never => die(service, undefined, 'the shutdown took too long');
  setTimeout(late, service.closeWithinMs + GRACE_MS).unref();
  try {
    await service.close();
    await stopTelemetry();
    service.logger.info('stopped');
    process.exit(0);
  } catch (error) {
    die(service, error, 'the shutdown failed');
  }
}

function dieOfUncaught<D extends ServiceDefinition>(service: Service<D>): void {
  process.on('uncaughtException', (error) => die(service, error, 'uncaught'));
  process.on('unhandledRejection', (error) => die(service, error, 'unhandled rejection'));
}

function die<D extends ServiceDefinition>(service: Service<D>, error: unknown, message: string): never {
  service.logger.fatal({ err: error }, message);
  process.exit(1);
}

/** There is no logger yet, or the module could not be made. Problems of settings never hold their secrets. */
function failToStart(name: string, error: unknown): never {
  const config = error instanceof SettingsError;
  const text = config || !(error instanceof Error) ? String(error) : (error.stack ?? error.message);
  process.stderr.write(`${name} cannot start: ${text}\n`);
  process.exit(config ? EX_CONFIG : 1);
}
