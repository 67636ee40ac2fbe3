import type { LoggedEvent } from '@aumos/agf-persistence';
import { Readable } from 'node:stream';

/** Proxies close what is silent for longer. */
const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 1_000;

/** One entry as the HTML standard's event stream has it: JSON is one line. */
const frameOf = ({ seq, type, data, created_at }: LoggedEvent): string =>
  `id: ${String(seq)}\nevent: ${type}\ndata: ${JSON.stringify({ ...data, at: created_at.toISOString() })}\n\n`;

async function* frames(batches: AsyncIterable<LoggedEvent[]>): AsyncGenerator<string> {
  yield `retry: ${String(RECONNECT_MS)}\n\n`;
  let spoken = Date.now();
  for await (const events of batches) {
    if (events.length === 0 && Date.now() - spoken < HEARTBEAT_MS) continue;
    spoken = Date.now();
    yield events.length === 0 ? ': heartbeat\n\n' : events.map(frameOf).join('');
  }
}

/** A body of type `text/event-stream`. */
export const eventStream = (batches: AsyncIterable<LoggedEvent[]>): Readable =>
  Readable.from(frames(batches), { objectMode: false, highWaterMark: 65_536 });
