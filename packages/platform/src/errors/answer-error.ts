import { ApiError } from '@aumos/agf-domain';
import { Logger } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { problemHeaders, toProblem } from './problem.js';

const log = new Logger('errors');

/** Answers what was thrown on the way of a request; a handler of Fastify's errors, for scopes of plugins. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(error, { id: request.id, at: request.url.split('?')[0] });
  // A refusal that was meant (an open breaker, an owner that is away) is no failure of ours.
  if (problem.status >= 500 && !(error instanceof ApiError))
    log.error({ err: error, status: problem.status }, 'request failed');
  if (reply.sent || reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  // The body was not read to its end: the next request on this connection would wait for ever.
  if (!request.raw.complete) void reply.header('connection', 'close');
  void reply.status(problem.status).headers(problemHeaders(problem)).send(JSON.stringify(problem));
}
