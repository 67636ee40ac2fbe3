import { type OutgoingResponse } from '@aumos/agf-domain';

/** Without its parameters, in lower case. */
export const mediaType = (contentType = ''): string => (contentType.split(';')[0] ?? '').trim().toLowerCase();

/** As its `content-type` says, or a byte order mark; else UTF-8. What cannot be read is U+FFFD. */
export function decodedText(body: Uint8Array, contentType = ''): string {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType) ?? [];
  const decoder = decoderOf(marked(body) ?? charset);
  // In one go, Node 20 reads windows-1252 as ISO-8859-1.
  return decoder.decode(body, { stream: true }) + decoder.decode();
}

export const textOf = ({ body, headers }: OutgoingResponse): string => decodedText(body, headers.get('content-type'));

const decoderOf = (charset: string): { decode(bytes?: Uint8Array, options?: { stream: boolean }): string } => {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
};

function marked([first, second, third]: Uint8Array): string | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return null;
}
