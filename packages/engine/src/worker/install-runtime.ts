import { DefaultLogger, type LogEntry, Runtime } from '@temporalio/worker';
import { lineFields, lineText } from './log-fields.js';

/** One line, of which everything may be logged. */
export interface RuntimeLine {
  level: LogEntry['level'];
  message: string;
  /** tenant_id, execution_id, activity_type, attempt, err and their like, as far as the line is about them */
  fields: Record<string, unknown>;
}
export type RuntimeLog = (line: RuntimeLine) => void;

/** Only what is allowed: failures' texts and stacks quote the tenants' data. */
export const runtimeLine = ({ level, message, meta }: Pick<LogEntry, 'level' | 'message' | 'meta'>): RuntimeLine => ({
  level,
  message: lineText(message),
  fields: lineFields(meta ?? {}),
});

/**
 * Once a process, before the first connection: Temporal's own lines go to the app's log, and signals are the app's.
 * @param log gets lines of level WARN and above
 */
export function installRuntime(log: RuntimeLog): void {
  Runtime.install({
    logger: new DefaultLogger('WARN', (entry) => log(runtimeLine(entry))),
    shutdownSignals: [],
  });
}
