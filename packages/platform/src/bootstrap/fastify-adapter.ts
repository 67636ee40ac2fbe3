import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type Logger as PinoLogger } from 'pino';
import { clientErrorHandler, frameworkErrors } from '../errors/framework-errors.js';
import { openRequestContext } from '../http/request-context.js';
import { requestIdOf } from '../http/request-id.js';

const REQUEST_TIMEOUT_MS = 300_000;

/** Fastify as every app runs it. @param bodyLimit bytes of a JSON body */
export function fastifyAdapter(bodyLimit: number, logger: PinoLogger): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit,
    genReqId: requestIdOf,
    frameworkErrors,
    clientErrorHandler,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: 512 },
  });
  openRequestContext(adapter.getInstance(), logger);
  return adapter;
}
