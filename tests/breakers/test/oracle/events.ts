import type { HistoryRow, Stored } from './stored.js';

const EVENT: Partial<Record<HistoryRow['to_state'], string>> = { open: 'opened', closed: 'closed' };

/** Each row that opened or closed a breaker is one event on Kafka, and there is no other; versions count 1, 2, 3 …. */
export function untold({ history, events }: Stored): string[] {
  const wanted = history
    .filter(({ to_state }) => EVENT[to_state] !== undefined)
    .map(({ circuit_key, to_state, epoch }) => `${circuit_key} ${EVENT[to_state]!} ${String(epoch)}`);
  const told = events.map(({ circuit_key, type, epoch }) => `${circuit_key} ${type} ${String(epoch)}`);
  return [
    ...without(wanted, told).map((each) => `${each}: no event`),
    ...without(told, wanted).map((each) => `${each}: an event too many`),
    ...misnumbered(events),
  ];
}

/** What is in the first more often than in the second. */
function without(all: readonly string[], some: readonly string[]): string[] {
  const left = [...some];
  return all.filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function misnumbered(events: Stored['events']): string[] {
  const versions = new Map<string, number[]>();
  for (const { circuit_key, version } of events)
    versions.set(circuit_key, [...(versions.get(circuit_key) ?? []), version]);
  return [...versions]
    .map(([key, all]): [string, number[]] => [key, all.sort((a, b) => a - b)])
    .filter(([, all]) => all.some((version, i) => version !== i + 1))
    .map(([key, all]) => `${key}: the events' versions are ${all.join(', ')}`);
}
