import { type Api } from './api.js';

export interface ExecutionEvent {
  event: string;
  data: Record<string, unknown>;
}

/** What happens in an execution, from its beginning to its end. */
export async function* follow(api: Api, executionId: string): AsyncGenerator<ExecutionEvent> {
  const response = await api.send('GET', `/executions/${executionId}/events`);
  if (!response.ok || !response.body) throw new Error(`following: ${String(response.status)} ${await response.text()}`);
  let rest = '';
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => fieldOf(line)));
      const [event, data] = [fields.get('event'), fields.get('data')];
      if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) as Record<string, unknown> };
    }
  }
}

function fieldOf(line: string): [string, string] {
  const [name = '', ...value] = line.split(': ');
  return [name, value.join(': ')];
}
