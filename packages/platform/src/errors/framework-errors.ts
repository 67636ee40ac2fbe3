import { STATUS_CODES } from 'node:http';
import { type Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify';
import { problemHeaders, toProblem } from './problem.js';

/** Answers what Fastify's router refuses before any hook runs: a malformed URL, an over-long parameter. */
export function frameworkErrors(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(error, { id: request.id });
  void reply
    .status(problem.status)
    .headers({ ...problemHeaders(problem), 'x-request-id': request.id, connection: 'close' })
    .send(JSON.stringify(problem));
}

const STATUS_OF: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Answers what is not even HTTP, on the bare socket. */
export function clientErrorHandler(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const statusCode = STATUS_OF[error.code ?? ''] ?? 400;
  const id = randomUUID();
  const problem = toProblem({ statusCode, message: 'The request is not well-formed HTTP.' }, { id });
  const body = JSON.stringify(problem);
  const head = Object.entries({
    ...problemHeaders(problem),
    'x-request-id': id,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] ?? 'Error'}\r\n${head.join('')}\r\n${body}`);
}
