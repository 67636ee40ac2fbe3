import { type TappedEvent } from './event-tap.js';

const grouped = <T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
};

const aggregateOf = ({ event }: TappedEvent): string =>
  `${event.tenant_id}:${event.aggregate_type}/${event.aggregate_id}`;

/**
 * What is wrong with a set of events: an id twice, an aggregate whose versions are not 1..n, a topic where an aggregate's
 * versions do not grow, a key or partition that differs within an aggregate.
 */
export function disorder(events: readonly TappedEvent[]): string[] {
  const found: string[] = [];
  for (const [id, same] of grouped(events, ({ event }) => event.event_id))
    if (same.length > 1) found.push(`event ${id} is ${String(same.length)} times on ${same[0]?.topic ?? ''}`);
  for (const [aggregate, own] of grouped(events, aggregateOf)) found.push(...disorderOf(aggregate, own));
  return found;
}

function disorderOf(aggregate: string, own: readonly TappedEvent[]): string[] {
  const found: string[] = [];
  const versions = own.map(({ event }) => event.aggregate_version).sort((a, b) => a - b);
  if (versions.some((version, i) => version !== i + 1))
    found.push(`${aggregate} has versions ${versions.join(', ')} instead of 1..${String(versions.length)}`);
  if (own.some(({ key }) => key !== aggregate)) found.push(`${aggregate} has other keys: ${own[0]?.key ?? ''}`);
  for (const [topic, there] of grouped(own, ({ topic }) => topic)) {
    if (new Set(there.map(({ partition }) => partition)).size > 1) found.push(`${aggregate} is torn apart on ${topic}`);
    const inOrder = [...there].sort((a, b) => a.offset - b.offset).map(({ event }) => event.aggregate_version);
    if (inOrder.some((version, i) => i > 0 && version <= (inOrder[i - 1] ?? 0)))
      found.push(`${aggregate} on ${topic} is in the order ${inOrder.join(', ')}`);
  }
  return found;
}
