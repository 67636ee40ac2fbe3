import { EventSourceParserStream } from 'eventsource-parser/stream';
import { type Api } from './api.js';

export interface ExecutionEvent {
  event: string;
  data: Record<string, unknown>;
}

/** What happens in an execution, from its beginning to its end. */
export async function* follow(api: Api, executionId: string): AsyncGenerator<ExecutionEvent> {
  const response = await api.send('GET', `/executions/${executionId}/events`);
  if (!response.ok || !response.body) throw new Error(`following: ${String(response.status)} ${await response.text()}`);
  const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { event, data } of events)
    if (event !== undefined) yield { event, data: JSON.parse(data) as Record<string, unknown> };
}
