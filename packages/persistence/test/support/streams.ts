export const MIB = 1024 * 1024;

/** The content in pieces of so many bytes. `broken`: what happens in place of the end. */
export async function* pieces(
  content: Buffer,
  bytes: number,
  broken?: () => Promise<never>,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += bytes) yield content.subarray(at, at + bytes);
  await broken?.();
}

export async function all(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts);
}
