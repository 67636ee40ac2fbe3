import { aggregateKey } from '@aumos/agf-domain';
import { encodeEvent, type KafkaRecord } from '../contract/encode-event.js';
import { EventEncodingError } from '../contract/errors.js';
import { eventOfRow, type OutboxRow } from './outbox-row.js';

/** What a batch's records may weigh together, in bytes: below the 1 MiB a broker takes of one partition at once. */
const MAX_BATCH_BYTES = 512 * 1024;

export interface Poison {
  row: OutboxRow;
  error: string;
}
export interface Batch {
  rows: OutboxRow[];
  records: KafkaRecord[];
  /** events that fit no schema: their aggregates' later events are left out as well */
  poison: Poison[];
  /** the batch was full before the rows were through */
  cut: boolean;
}

/** Encodes rows in their order until the batch is full. */
export function encodeBatch(rows: readonly OutboxRow[], topicPrefix: string): Batch {
  const batch: Batch = { rows: [], records: [], poison: [], cut: false };
  const blocked = new Set<string>();
  let bytes = 0;
  for (const row of rows) {
    const event = eventOfRow(row);
    const aggregate = aggregateKey(event);
    if (blocked.has(aggregate)) continue;
    try {
      const record = encodeEvent(event, Number(row.version), { topicPrefix });
      bytes += record.value.length;
      if (bytes > MAX_BATCH_BYTES && batch.rows.length > 0) return { ...batch, cut: true };
      batch.rows.push(row);
      batch.records.push(record);
    } catch (error) {
      if (!(error instanceof EventEncodingError)) throw error;
      blocked.add(aggregate);
      batch.poison.push({ row, error: error.message });
    }
  }
  return batch;
}
