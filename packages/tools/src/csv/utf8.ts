import { isUtf8 } from 'node:buffer';
import { CallerError } from '@aumos/agf-domain';

const notUtf8 = (): CallerError => new CallerError('NOT_UTF8', 'the artifact is not UTF-8 text');

/** The same bytes, or an error at the first chunk that is no UTF-8; a character may be cut by a chunk's end. */
export async function* checkedUtf8(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of content) {
    const bytes =
      rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([rest, chunk]);
    const end = bytes.length - unfinished(bytes);
    const whole = bytes.subarray(0, end);
    if (!isUtf8(whole)) throw notUtf8();
    rest = Buffer.from(bytes.subarray(end));
    if (end > 0) yield whole;
  }
  if (rest.length > 0) throw notUtf8();
}

/** How many bytes at the end begin a character that the next chunk goes on with. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}
