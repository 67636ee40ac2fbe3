import { type IncomingMessage } from 'node:http';
import { trace } from '@opentelemetry/api';
import { type DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { type DestinationStream, type LoggerOptions, pino, type Logger as PinoLogger, stdTimeFunctions } from 'pino';
import { logFields } from './log-context.js';
import { scrubber, withoutSecrets } from './redaction.js';
import { errorFields, requestFields, responseFields } from './serializers.js';

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
    serializers: { err: errorFields, error: errorFields, req: requestFields, res: responseFields },
    hooks: { streamWrite: scrubber(secrets) },
  };
  return destination ? pino(options, destination) : pino(options);
}

const PROBES = new Set(['/live', '/ready']);

/** Logs through `logger`, each request once when it is answered; health probes are not logged. */
export function loggingModule(logger: PinoLogger): DynamicModule {
  return LoggerModule.forRoot({
    // The default route of nestjs-pino matches nothing on Nest 12 with Fastify, silently.
    forRoutes: ['*splat'],
    pinoHttp: {
      logger,
      genReqId: (request) => request.id,
      autoLogging: { ignore: (request) => PROBES.has(pathOf(request)) },
      customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? 'error' : 'info'),
      customSuccessMessage: (request, response) => `${request.method} ${pathOf(request)} ${response.statusCode}`,
      customErrorMessage: (request, response) => `${request.method} ${pathOf(request)} ${response.statusCode}`,
      customAttributeKeys: { responseTime: 'duration_ms' },
      serializers: { req: requestFields, res: responseFields, err: errorFields },
      wrapSerializers: false,
    },
  });
}

function pathOf(request: IncomingMessage & { originalUrl?: string }): string {
  return String(requestFields(request)['path']);
}
