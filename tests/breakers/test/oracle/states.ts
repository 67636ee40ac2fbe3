import type { Stored } from './stored.js';

/** At rest PostgreSQL and Redis agree. What Redis does not know was never written, or is forgotten: closed. */
export function disagreeing({ known, live }: Stored): string[] {
  const now = new Map(live.map((each) => [each.circuit_key, each]));
  const told = new Map(known.map((each) => [each.circuit_key, each]));
  return [...new Set([...now.keys(), ...told.keys()])].flatMap((key) => {
    const [redis, postgres] = [now.get(key), told.get(key)];
    const states = [redis?.state ?? 'closed', postgres?.state ?? 'closed'];
    // A breaker that was flushed while it was closed is closed, under no epoch.
    const epochs = redis && redis.epoch > 0 ? [redis.epoch, postgres?.epoch ?? 0] : [0, 0];
    if (states[0] === states[1] && epochs[0] === epochs[1]) return [];
    return [`${key}: ${states.join(' in Redis, ')} in PostgreSQL; epochs ${epochs.join(', ')}`];
  });
}
