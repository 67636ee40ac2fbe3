import { ApiError } from '@aumos/agf-domain';
import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { problemHeaders, toProblem } from './problem.js';

/** Answers every error of every route, Nest's and Fastify's, as application/problem+json. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('errors');

  catch(error: unknown, host: ArgumentsHost): void {
    // Nest's default would hide the original from the consumer that decides about retries.
    if (host.getType() !== 'http') throw error;
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = toProblem(error, { id: request.id, at: request.url.split('?')[0] });
    // A refusal that was meant (an open breaker, an owner that is away) is no failure of ours.
    if (problem.status >= 500 && !(error instanceof ApiError))
      this.log.error({ err: error, status: problem.status }, 'request failed');
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    // The body was not read to its end: the next request on this connection would wait for ever.
    if (!request.raw.complete) void reply.header('connection', 'close');
    void reply.status(problem.status).headers(problemHeaders(problem)).send(JSON.stringify(problem));
  }
}
