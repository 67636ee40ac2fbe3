import { type Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { OutgoingError, unreachable } from './outgoing-error.js';

/**
 * The whole of it, decompressed; both what comes and what it becomes are counted as they go.
 * @param coding the header `content-encoding`
 * @param options `enough`: true ends the body there
 * @throws OutgoingError `RESPONSE_TOO_LARGE`, `UPSTREAM_UNREACHABLE` for a coding that was not asked for
 */
export async function readBody(
  raw: Readable,
  coding: string | undefined,
  { maxBytes, enough = () => false }: { maxBytes: number; enough?: ((chunk: Uint8Array) => boolean) | undefined },
): Promise<Buffer> {
  const coming = counted(maxBytes)(raw);
  const first = await coming.next();
  // An answer without a body may still say how it would be encoded.
  if (first.done) return Buffer.alloc(0);
  const whole = async function* (): AsyncGenerator<Buffer> {
    yield first.value;
    yield* coming;
  };
  const chunks: Buffer[] = [];
  let ended = false;
  const keep = async (decoded: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of counted(maxBytes)(decoded)) {
      chunks.push(chunk);
      if ((ended = enough(chunk))) return;
    }
  };
  const decoder = decoderOf(coding);
  if (decoder)
    await pipeline(whole, decoder, keep).catch((error: unknown) => {
      // What was not waited for is no failure.
      if (!ended) throw error;
    });
  else await keep(whole());
  return Buffer.concat(chunks);
}

const counted = (maxBytes: number) =>
  async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxBytes)
        throw new OutgoingError('RESPONSE_TOO_LARGE', `the answer has more than ${String(maxBytes)} bytes`, {
          limit: maxBytes,
        });
      yield chunk;
    }
  };

function decoderOf(coding = ''): Transform | null {
  switch (coding.trim().toLowerCase()) {
    case '':
    case 'identity':
      return null;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    default:
      throw unreachable('protocol', 'the answer is encoded in a way that was not asked for');
  }
}
