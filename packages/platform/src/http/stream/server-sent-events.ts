import type { JsonObject } from '@aumos/agf-domain';
import { StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';

/** Proxies close what is silent for longer. */
const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 1_000;

export interface ServerSentEvent {
  /** what `Last-Event-ID` says after it */
  id: number;
  event: string;
  data: JsonObject;
}

/** One event as the HTML standard's event stream has it: JSON is one line. */
const frameOf = ({ id, event, data }: ServerSentEvent): string =>
  `id: ${String(id)}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

async function* frames(batches: AsyncIterable<ServerSentEvent[]>): AsyncGenerator<string> {
  yield `retry: ${String(RECONNECT_MS)}\n\n`;
  let spoken = Date.now();
  for await (const events of batches) {
    if (events.length === 0 && Date.now() - spoken < HEARTBEAT_MS) continue;
    spoken = Date.now();
    yield events.length === 0 ? ': heartbeat\n\n' : events.map(frameOf).join('');
  }
}

/** Answers with a body of type `text/event-stream`. @param batches an empty one now and then, while nothing happens */
export function eventStream(batches: AsyncIterable<ServerSentEvent[]>, reply: FastifyReply): StreamableFile {
  // A proxy is not to gather what should be seen at once.
  void reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  const body = Readable.from(frames(batches), { objectMode: false, highWaterMark: 65_536 });
  return new StreamableFile(body, { type: 'text/event-stream; charset=utf-8' });
}
