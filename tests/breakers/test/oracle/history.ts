import type { BreakerKey } from '@aumos/agf-domain';
import type { Span } from '../drive/told.js';
import type { Entry, HistoryRow, Stored } from './stored.js';

/** What monitors write of what Redis has lost: there is no entry of a stream to it. */
const OF_LOSSES: ReadonlySet<string> = new Set(['store_lost', 'found']);
/** Tells that a state was forgotten: the epoch is that of the state. */
const FORGOTTEN = 'store_lost';

/** A breaker's rows in the order in which they were written. */
export function historyOf(history: readonly HistoryRow[], key: BreakerKey): HistoryRow[] {
  return history.filter(({ circuit_key }) => circuit_key === key).sort((a, b) => a.position - b.position);
}

/**
 * Each transition that Redis still has is one row, and each row is a transition, of a stream that was flushed or not.
 * Only after a flush is there anything lost to tell.
 */
export function unrecorded({ stream, history }: Stored, flushes: readonly Span[]): string[] {
  const ids = new Set(stream.map(({ stream_id }) => stream_id));
  const lastFlush = Math.max(0, ...flushes.map(({ ended }) => ended));
  const rowsOf = (entry: Entry): number =>
    history.filter(({ circuit_key, epoch, stream_id, reason }) => {
      if (reason === 'found') return circuit_key === entry.key && epoch === entry.epoch;
      return stream_id === entry.stream_id;
    }).length;
  return [
    ...stream
      .filter((entry) => rowsOf(entry) !== 1)
      .map((entry) => `${entry.key} → ${entry.to} (${entry.stream_id}): ${String(rowsOf(entry))} rows`),
    ...history
      .filter(({ reason, stream_id, at }) =>
        OF_LOSSES.has(reason) ? flushes.length === 0 : !ids.has(stream_id) && at > lastFlush,
      )
      .map(({ circuit_key, to_state, stream_id }) => `${circuit_key} → ${to_state} (${stream_id}): never happened`),
  ];
}

/** A breaker's rows are one chain: each from where the one before led, under a higher epoch. */
export function broken(rows: readonly HistoryRow[]): string[] {
  return rows.flatMap((row, i) => {
    const before = rows[i - 1];
    const wanted = before?.to_state ?? (row.reason === 'restored' ? 'open' : 'closed');
    const least = (before?.epoch ?? 0) + (row.reason === FORGOTTEN ? 0 : 1);
    const was = `${row.circuit_key}: ${String(before?.epoch ?? 0)} ${wanted}`;
    const is = `${String(row.epoch)} ${row.from_state} → ${row.to_state} (${row.reason})`;
    if (row.epoch < least) return [`${was}, then ${is}: the epoch does not grow`];
    return row.from_state === wanted ? [] : [`${was}, then ${is}: a gap`];
  });
}
