import { createHash } from 'node:crypto';
import { ApiError } from '@aumos/agf-domain';

/** A stream that is counted and hashed on its way, and breaks off when it is too long. */
export class MeasuredContent implements AsyncIterable<Uint8Array> {
  private readonly hash = createHash('sha256');
  private size = 0;

  constructor(
    private readonly content: AsyncIterable<Uint8Array>,
    private readonly maxBytes: number,
  ) {}

  /** @throws ApiError PAYLOAD_TOO_LARGE */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const piece of this.content) {
      this.size += piece.length;
      if (this.size > this.maxBytes)
        throw new ApiError('PAYLOAD_TOO_LARGE', `An artifact may have ${String(this.maxBytes)} bytes`);
      this.hash.update(piece);
      yield piece;
    }
  }

  /** Once, after the end. `sha256` is hex. */
  measures(): { size: number; sha256: string } {
    return { size: this.size, sha256: this.hash.digest('hex') };
  }
}
