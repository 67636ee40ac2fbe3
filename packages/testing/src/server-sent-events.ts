export interface ReadEvent {
  id: number;
  event: string;
  data: Record<string, unknown>;
}

/** Server-sent events of an answer, as a browser reads them: fields, comments, blank lines. */
export async function* serverSentEvents(response: Response): AsyncGenerator<ReadEvent> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    rest += decoder.decode(chunk as Uint8Array, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parse(block);
      if (event) yield event;
    }
  }
}

function parse(block: string): ReadEvent | undefined {
  const fields = new Map(
    block
      .split('\n')
      .filter((line) => !line.startsWith(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const),
  );
  const [id, event, data] = ['id', 'event', 'data'].map((name) => fields.get(name));
  return data === undefined
    ? undefined
    : { id: Number(id), event: event ?? 'message', data: JSON.parse(data) as Record<string, unknown> };
}
