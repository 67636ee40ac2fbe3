import httpProxy from '@fastify/http-proxy';
import { ApiError } from '@aumos/agf-domain';
import { answerError, currentTraceparent } from '@aumos/agf-platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewaySettings } from '../config.js';

/** What another app owns, by the first part of its path. */
const ownersOf = (settings: GatewaySettings): Record<string, string> => ({
  '/api/v1/hitl': settings.hitlApprovalUrl,
  '/api/v1/circuit-breakers': settings.circuitBreakerMonitorUrl,
});

const away = (): ApiError =>
  new ApiError('SERVICE_UNAVAILABLE', 'The service that owns this is away.', { retry_after_seconds: 2 });

/** Public requests go on to the app that owns the thing, token and request id included; that app verifies the token itself. */
export async function routeToOwners(app: NestFastifyApplication, settings: GatewaySettings): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  await fastify.register(async (scope) => {
    // Nest's own handler comes later, and only for what is outside of this scope.
    scope.setErrorHandler(answerError);
    for (const [prefix, upstream] of Object.entries(ownersOf(settings)))
      await scope.register(httpProxy, {
        upstream,
        prefix,
        rewritePrefix: prefix,
        replyOptions: {
          rewriteRequestHeaders: (request, headers) => {
            const traceparent = currentTraceparent();
            const from = [headers['x-forwarded-for'], request.ip].filter((one) => one !== undefined).join(', ');
            const told = { 'x-request-id': request.id, 'x-forwarded-for': from };
            return { ...headers, ...told, ...(traceparent ? { traceparent } : {}) };
          },
          onError: (reply) => answerError(away(), reply.request as FastifyRequest, reply as FastifyReply),
        },
      });
  });
}
