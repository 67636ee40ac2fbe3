/** Of one event. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

/**
 * The data of each event of a body of type `text/event-stream`; comments and other fields are skipped. An event that
 * nothing ends counts as well: some servers leave out the last blank line.
 * @throws SyntaxError where an event is too long
 */
export async function* eventData(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = [];
  let length = 0;
  for await (const line of linesOf(body)) {
    if (line.startsWith('data:')) {
      length += line.length;
      if (length > MOST_CHARACTERS) throw tooLong();
      data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
    } else if (line === '' && data.length > 0) {
      yield data.join('\n');
      [data, length] = [[], 0];
    }
  }
  if (data.length > 0) yield data.join('\n');
}

/** However their characters and ends are spread over the chunks. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let line = '';
  let afterReturn = false;
  for await (const chunk of body) {
    let text = decoder.decode(chunk, { stream: true });
    if (text === '') continue;
    if (afterReturn && text.startsWith('\n')) text = text.slice(1);
    afterReturn = text.endsWith('\r');
    const [first = '', ...others] = text.split(/\r\n|\r|\n/);
    line += first;
    for (const next of others) {
      yield line;
      line = next;
    }
    if (line.length > MOST_CHARACTERS) throw tooLong();
  }
  line += decoder.decode();
  if (line !== '') yield line;
}

const tooLong = (): SyntaxError => new SyntaxError('an event of the answer is too long');
