import { createReadStream } from 'node:fs';

/** The file's lines, which end with a line feed and nothing else: U+2028 and its kin stand within lines. */
export async function* linesIn(path: string): AsyncGenerator<string> {
  let open = '';
  for await (const chunk of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    const lines = (open + chunk).split('\n');
    open = lines.pop()!;
    yield* lines;
  }
  if (open !== '') yield open;
}
