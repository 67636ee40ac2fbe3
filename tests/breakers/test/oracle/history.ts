import type { BreakerKey } from '@aumos/agf-domain';
import type { Span } from '../drive/told.js';
import type { HistoryRow, Stored } from './stored.js';

/** Times of Redis are whole milliseconds. */
const TICK_MS = 1;

/** A breaker's rows in the order in which they were. */
export function historyOf(history: readonly HistoryRow[], key: BreakerKey): HistoryRow[] {
  return history.filter(({ circuit_key }) => circuit_key === key).sort((a, b) => a.epoch - b.epoch);
}

/** Each transition that Redis still has is one row; what is a row alone was in a stream that was flushed. */
export function unrecorded({ stream, history }: Stored, flushes: readonly Span[]): string[] {
  const ids = new Set(stream.map(({ stream_id }) => stream_id));
  const rows = new Map<string, number>();
  for (const { stream_id } of history) rows.set(stream_id, (rows.get(stream_id) ?? 0) + 1);
  const lastFlush = Math.max(0, ...flushes.map(({ ended }) => ended));
  return [
    ...stream
      .filter(({ stream_id }) => rows.get(stream_id) !== 1)
      .map(({ key, to, stream_id }) => `${key} → ${to} (${stream_id}): ${String(rows.get(stream_id) ?? 0)} rows`),
    ...history
      .filter(({ stream_id, at }) => !ids.has(stream_id) && at > lastFlush)
      .map(({ circuit_key, to_state, stream_id }) => `${circuit_key} → ${to_state} (${stream_id}): never happened`),
  ];
}

/**
 * A breaker's rows are one chain: each from where the one before led, under a higher epoch. A flush is the one thing after
 * which a breaker that is not open any more may begin anew, closed.
 */
export function broken(rows: readonly HistoryRow[], flushes: readonly Span[]): string[] {
  return rows.flatMap((row, i) => {
    const before = rows[i - 1];
    const wanted = before?.to_state ?? 'closed';
    const flushed = flushes.some(({ begun, ended }) => ended >= (before?.at ?? 0) && begun <= row.at + TICK_MS);
    const said = `${row.circuit_key}: ${String(before?.epoch ?? 0)} ${wanted}, then ${String(row.epoch)} ${row.from_state} → ${row.to_state} (${row.reason})`;
    if (before && row.epoch <= before.epoch) return [`${said}: the epoch does not grow`];
    if (row.from_state === wanted || (flushed && row.from_state === 'closed')) return [];
    return [`${said}: a gap`];
  });
}
