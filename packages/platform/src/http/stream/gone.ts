import type { FastifyReply } from 'fastify';

/** Aborted once the caller's connection is closed. */
export function goneOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    gone.abort();
  });
  return gone.signal;
}
