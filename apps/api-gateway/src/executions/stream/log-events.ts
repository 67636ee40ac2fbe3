import type { LoggedEvent } from '@aumos/agf-persistence';
import type { ServerSentEvent } from '@aumos/agf-platform';

/** Entries of an execution's log as its followers get them. */
export async function* streamedEvents(batches: AsyncIterable<LoggedEvent[]>): AsyncGenerator<ServerSentEvent[]> {
  for await (const events of batches)
    yield events.map(({ seq, type, data, created_at }) => ({
      id: seq,
      event: type,
      data: { ...data, at: created_at.toISOString() },
    }));
}
