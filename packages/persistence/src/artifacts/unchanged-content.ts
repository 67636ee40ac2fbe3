import { createHash } from 'node:crypto';
import { type ArtifactInfo } from '@aumos/agf-domain';

/**
 * The stream, as long as it is what was stored: content that was cut short (deleted while it is read) or changed must
 * not pass for data. The last piece is held back until all of it is known, so that a download breaks off too.
 * @throws Error at the end of what is not the artifact's content
 */
export async function* unchangedContent(
  content: AsyncIterable<Uint8Array>,
  { id, sha256 }: ArtifactInfo,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let held: Uint8Array | undefined;
  for await (const piece of content) {
    if (held) yield held;
    hash.update(piece);
    held = piece;
  }
  if (hash.digest('hex') !== sha256) throw new Error(`the content of artifact ${id} is not what was stored`);
  if (held) yield held;
}
