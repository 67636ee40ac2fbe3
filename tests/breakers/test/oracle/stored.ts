import { type BreakerKey, type BreakerState, type BreakerTransition, breakerTransitionsKey } from '@aumos/agf-domain';
import { BreakerGuard, transitionOf } from '@aumos/agf-resilience';
import { Redis } from 'ioredis';
import type { Surroundings } from '../surroundings/surroundings.js';

export interface Entry extends BreakerTransition {
  stream_id: string;
}
export interface HistoryRow {
  circuit_key: BreakerKey;
  from_state: BreakerState;
  to_state: BreakerState;
  epoch: number;
  reason: string;
  /** ms since 1970 */
  at: number;
  stream_id: string;
  /** 1..n in the tenant */
  position: number;
}
export interface CircuitEvent {
  type: 'opened' | 'closed';
  circuit_key: BreakerKey;
  epoch: number;
  version: number;
}
export interface BreakerNow {
  circuit_key: BreakerKey;
  state: BreakerState;
  epoch: number;
}

/** What the stores have of a tenant, each asked directly. */
export interface Stored {
  stream: Entry[];
  /** as they were written */
  history: HistoryRow[];
  events: CircuitEvent[];
  /** how many of its events nobody has sent yet */
  unsent: number;
  /** in PostgreSQL */
  known: BreakerNow[];
  /** in Redis */
  live: (BreakerNow & { failure_count: number })[];
}

export async function storedOf(around: Surroundings, tenant: string): Promise<Stored> {
  const redis = new Redis(around.redis.url);
  const rows = async <T>(text: string): Promise<T[]> => (await around.rows.query(text, [tenant])).rows as T[];
  try {
    const entries = await redis.xrange(breakerTransitionsKey(tenant), '-', '+');
    const history = await rows<HistoryRow>(
      `select circuit_key, from_state, to_state, epoch::float8, reason, extract(epoch from at)::float8 * 1000 as at,
         stream_id, position::float8 from agf_circuit_breaker_transitions where tenant_id = $1`,
    );
    const known = await rows<BreakerNow>(
      'select circuit_key, state, epoch::float8 from agf_circuit_breakers where tenant_id = $1',
    );
    const [outbox] = await rows<{ unsent: number }>(
      'select count(*)::int as unsent from agf_outbox where tenant_id = $1 and published_at is null',
    );
    const views = await new BreakerGuard(redis, { commandTimeoutMs: 10_000 }).states(tenant);
    return {
      stream: entries.map(([stream_id, fields]) => ({ ...transitionOf(fields), stream_id })),
      history,
      events: eventsOf(await around.events.upToNow(), tenant),
      unsent: outbox?.unsent ?? 0,
      known,
      live: views.map(({ key, state, epoch, failure_count }) => ({ circuit_key: key, state, epoch, failure_count })),
    };
  } finally {
    redis.disconnect();
  }
}

const eventsOf = (all: Awaited<ReturnType<Surroundings['events']['upToNow']>>, tenant: string): CircuitEvent[] =>
  all
    .filter(({ event }) => event.tenant_id === tenant)
    .map(({ topic, event }) => ({
      type: topic.endsWith('.opened') ? 'opened' : 'closed',
      circuit_key: event.aggregate_id as BreakerKey,
      epoch: Number(event.data['epoch']),
      version: event.aggregate_version,
    }));
