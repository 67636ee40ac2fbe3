import { DefaultLogger, type LogEntry, Runtime } from '@temporalio/worker';

export type RuntimeLog = (entry: Pick<LogEntry, 'level' | 'message' | 'meta'>) => void;

/**
 * Once a process, before the first connection: Temporal's own lines go to the app's log, and signals are the app's.
 * @param log gets lines of level WARN and above
 */
export function installRuntime(log: RuntimeLog): void {
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => log({ level, message, meta })),
    shutdownSignals: [],
  });
}
