import { type FastifyInstance } from 'fastify';
import { continueLogFields, type LogFields, logFields, withLogFields } from '../logging/log-context.js';

/** Gives every request its log fields, and every answer its X-Request-ID. */
export function openRequestContext(fastify: FastifyInstance): void {
  const contexts = new WeakMap<object, LogFields>();
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    withLogFields({ request_id: request.id }, () => {
      contexts.set(request.raw, logFields());
      done();
    });
  });
  // Reading the body continues where the socket's events come from, outside of the context.
  fastify.addHook('preValidation', (request, _reply, done) => {
    continueLogFields(contexts.get(request.raw) ?? {}, done);
  });
}
