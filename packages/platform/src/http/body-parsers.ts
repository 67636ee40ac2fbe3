import { type Readable } from 'node:stream';
import { ApiError } from '@aumos/agf-domain';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { endedEarly } from './body-stream.js';
import { takesAnyJson } from './any-json-body.js';
import { parseCheckedJson } from './checked-json.js';

/** A route whose body is handed to the handler as a stream, whatever its content type is. */
export interface StreamRoute {
  method: 'POST' | 'PUT' | 'PATCH';
  /** with the prefix, as it is registered: `/api/v1/artifacts` */
  url: string;
}

/** JSON for all routes, the bare stream for those of `streams`; anything else is 415. */
export function useBodyParsers(fastify: FastifyInstance, streams: readonly StreamRoute[]): void {
  const takesStream = (request: FastifyRequest): boolean =>
    streams.some(({ method, url }) => method === request.method && url === request.routeOptions.url);
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(/^application\/(json|[\w.-]+\+json)(;|$)/i, (request, payload, done) => {
    if (takesStream(request)) done(null, payload);
    else readJson(request, payload).then((value) => done(null, value), done);
  });
  fastify.addContentTypeParser('*', (request, payload, done) => {
    if (takesStream(request)) done(null, payload);
    else done(new ApiError('UNSUPPORTED_MEDIA_TYPE', 'The content type is not accepted here.'));
  });
}

const tooLarge = (limit: number): ApiError =>
  new ApiError('PAYLOAD_TOO_LARGE', 'The body is too large.', { limit_bytes: limit });

async function readJson(request: FastifyRequest, payload: Readable): Promise<unknown> {
  const limit = request.routeOptions.bodyLimit;
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of received(payload)) {
    bytes += chunk.length;
    if (bytes > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return bytes === 0 ? undefined : parseCheckedJson(utf8(Buffer.concat(chunks)), takesAnyJson(request));
}

async function* received(payload: Readable): AsyncGenerator<Buffer> {
  try {
    // The stream outlives the loop: destroying it would cut the connection before the refusal is sent.
    yield* payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch {
    throw endedEarly();
  }
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ApiError('VALIDATION_ERROR', 'The body is not UTF-8.');
  }
}
