import { trace } from '@opentelemetry/api';
import { type DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import {
  type Bindings,
  type DestinationStream,
  type LoggerOptions,
  pino,
  type Logger as PinoLogger,
  stdTimeFunctions,
} from 'pino';
import { logFields } from './log-context.js';
import { scrubber, withoutSecrets } from './redaction.js';
import { errorFields } from './error-fields.js';

export interface LoggingOptions {
  service: string;
  level: string;
  /** texts that must never be written */
  secrets: readonly string[];
  /** default: standard output */
  destination?: DestinationStream;
}

/** Names of the trace that is under way: this is how a line of one app is found among those of the others. */
function traceFields(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
}

/** A pino logger: JSON lines with `service`, `trace_id`, `span_id`, `request_id`, `tenant_id`, and no secrets. */
export function createLogger({ service, level, secrets, destination }: LoggingOptions): PinoLogger {
  const options: LoggerOptions = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    messageKey: 'message',
    errorKey: 'err',
    mixin: () => ({ ...traceFields(), ...logFields() }),
    formatters: {
      level: (label) => ({ level: label }),
      log: (object) => withoutSecrets(object) as Record<string, unknown>,
    },
    serializers: { err: errorFields },
    hooks: { streamWrite: scrubber(secrets) },
  };
  const logger = destination ? pino(options, destination) : pino(options);
  // Pino formats what is logged, but not what a child logger is given.
  const child = Reflect.get(logger, 'child') as (this: PinoLogger, bindings: Bindings, ...rest: unknown[]) => never;
  logger.child = function (this: PinoLogger, bindings: Bindings, ...rest: unknown[]) {
    return child.call(this, withoutSecrets(bindings) as Bindings, ...rest);
  };
  return logger;
}

/** Makes Nest and the apps log through `logger`. Requests are logged by Fastify's hooks, which see those Nest does not. */
export const loggingModule = (logger: PinoLogger): DynamicModule =>
  LoggerModule.forRoot({ forRoutes: [], pinoHttp: { logger, autoLogging: false } });
