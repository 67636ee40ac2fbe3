const CHUNK_BYTES = 1024 * 1024;

/** The same bytes in pieces of `bytes`; the last one may be shorter. */
export async function* inChunks(content: AsyncIterable<Uint8Array>, bytes = CHUNK_BYTES): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (let piece of content) {
    while (size + piece.length >= bytes) {
      const rest = bytes - size;
      yield Buffer.concat([...held, piece.subarray(0, rest)]);
      piece = piece.subarray(rest);
      held = [];
      size = 0;
    }
    if (piece.length > 0) held.push(piece);
    size += piece.length;
  }
  if (size > 0) yield Buffer.concat(held);
}
