import { Readable, Transform } from 'node:stream';
import { ApiError } from '@aumos/agf-domain';
import { type FastifyRequest } from 'fastify';

const tooLarge = (limit: number): ApiError =>
  new ApiError('PAYLOAD_TOO_LARGE', 'The body is too large.', { limit_bytes: limit });

/** What a connection that breaks off means: the caller went away, and nothing of ours failed. */
export const endedEarly = (): ApiError => new ApiError('VALIDATION_ERROR', 'The body ended too early.');

/**
 * The body of a stream route. It ends with an error when there are more than `maxBytes` or the caller goes away.
 * @throws ApiError PAYLOAD_TOO_LARGE at once where Content-Length says so; UNSUPPORTED_MEDIA_TYPE where there is no body
 */
export function bodyStream(request: FastifyRequest, maxBytes: number): Readable {
  const { body } = request;
  if (!(body instanceof Readable))
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', 'A body with a content type is needed.');
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  return limited(body, maxBytes);
}

function limited(source: Readable, maxBytes: number): Readable {
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(tooLarge(maxBytes));
      else done(null, chunk);
    },
  });
  source.once('error', () => counted.destroy(endedEarly()));
  source.once('close', () => {
    if (!source.readableEnded) counted.destroy(endedEarly());
  });
  // What is left is read and dropped, so that the caller gets to read the refusal.
  counted.once('error', () => {
    source.unpipe(counted);
    source.resume();
  });
  return source.pipe(counted);
}
