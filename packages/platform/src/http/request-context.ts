import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Logger as PinoLogger } from 'pino';
import { continueLogFields, type LogFields, logFields, withLogFields } from '../logging/log-context.js';

const PROBES = new Set(['/live', '/ready']);

/**
 * Gives every request its log fields, every answer its X-Request-ID, and the log a line a request when it is answered:
 * of all paths, also those that nobody serves; only health probes are not logged.
 */
export function openRequestContext(fastify: FastifyInstance, logger: PinoLogger): void {
  const contexts = new WeakMap<object, LogFields>();
  const within = (request: FastifyRequest, fn: () => void): void =>
    continueLogFields(contexts.get(request.raw) ?? {}, fn);
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    withLogFields({ request_id: request.id }, () => {
      contexts.set(request.raw, logFields());
      done();
    });
  });
  // Reading the body continues where the socket's events come from, outside of the context.
  fastify.addHook('preValidation', (request, _reply, done) => within(request, done));
  fastify.addHook('onResponse', (request, reply, done) => {
    within(request, () => logAnswer(logger, request, reply));
    done();
  });
}

/** Of a request only what is named here is logged: no headers, no query, no body. */
function logAnswer(logger: PinoLogger, request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.split('?')[0] ?? '';
  if (PROBES.has(path)) return;
  const { method } = request;
  const status = reply.statusCode;
  // The caller went away before the answer was complete; a stream of events ends so.
  const aborted = reply.raw.writableFinished ? {} : { aborted: true };
  const fields = { req: { method, path }, res: { status }, duration_ms: Math.round(reply.elapsedTime), ...aborted };
  logger[levelOf(status)](fields, `${method} ${path} ${status}`);
}

/** 503 says come again later: it is a refusal, and whatever caused it is logged where it happens. */
function levelOf(status: number): 'info' | 'warn' | 'error' {
  if (status === 503) return 'warn';
  return status >= 500 ? 'error' : 'info';
}
