import { type Pool, type PoolClient } from 'pg';
import { isEventType, topicOf } from '../contract/registry.js';
import { encodeBatch } from './batch.js';
import { type OutboxRow } from './outbox-row.js';
import { beginAndLock, claim, markPoisoned, markPublished, readUnpublished, unclaim } from './outbox-sql.js';
import { type RecordSender } from './record-sender.js';
import { type RelayReport } from './relay-report.js';
import { type SentLookup } from './sent-lookup.js';

export interface DrainContext {
  pool: Pool;
  sender: RecordSender;
  lookup: SentLookup;
  topicPrefix: string;
  batchSize: number;
  /** how long a request of a relay that died may still arrive at Kafka */
  settleMs: number;
  report: RelayReport;
}

/** Far below the session timeout that takes the shard from a relay that was frozen: beyond it, nothing is sent. */
const HOLD_MS = 10_000;

/** Somebody else has the shard, and may not have seen what was written last. */
const TAKEN_MS = 20;

/** `wait`: somebody else has the shard, or an uncertain send is not old enough to be looked up. */
export type Drained = { kind: 'more' } | { kind: 'idle' } | { kind: 'wait'; ms: number };

/**
 * Publishes one batch of a shard: lock, read, claim, send, mark. A batch whose send has an unknown end is first looked
 * up on Kafka, so that an event is there once however the relay or the broker died.
 * @throws when the send failed or its end is unknown; the claim stays and the next drain looks it up
 */
export async function drainShard(shard: number, o: DrainContext): Promise<Drained> {
  const client = await o.pool.connect();
  let failure: Error | undefined;
  try {
    const mustHold = holdFromNow();
    if (!(await beginAndLock(client, shard))) return await end(client, 'rollback', { kind: 'wait', ms: TAKEN_MS });
    const rows = await readUnpublished(client, shard, o.batchSize);
    if (rows.length === 0) return await end(client, 'rollback', { kind: 'idle' });
    const uncertain = rows.filter((row) => row.sending_at_ms !== null);
    if (uncertain.length > 0) return await settle(client, shard, uncertain, o);
    const cut = await publish(client, shard, rows, o, mustHold);
    return await end(client, 'commit', { kind: cut || rows.length === o.batchSize ? 'more' : 'idle' });
  } catch (error) {
    failure = error as Error;
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release(failure);
  }
}

/** @returns whether the batch was full before the rows were through */
async function publish(
  client: PoolClient,
  shard: number,
  rows: OutboxRow[],
  o: DrainContext,
  mustHold: () => void,
): Promise<boolean> {
  const batch = encodeBatch(rows, o.topicPrefix);
  if (batch.rows.length > 0) {
    const seqs = batch.rows.map(({ seq }) => seq);
    mustHold();
    const timestamp = await claim(o.pool, shard, seqs);
    mustHold();
    await o.sender.send(batch.records, timestamp);
    await markPublished(client, shard, seqs);
    o.report.published(batch.rows);
  }
  for (const poison of batch.poison) {
    await markPoisoned(client, shard, poison.row.seq, poison.error);
    o.report.poisoned(poison);
  }
  return batch.cut;
}

async function settle(client: PoolClient, shard: number, rows: OutboxRow[], o: DrainContext): Promise<Drained> {
  const youngest = Math.min(...rows.map((row) => row.sending_age_ms ?? 0));
  if (youngest < o.settleMs) return end(client, 'rollback', { kind: 'wait', ms: o.settleMs - youngest });
  const topics = [...new Set(rows.map((row) => row.event_type))].filter(isEventType);
  const since = Math.min(...rows.map((row) => Number(row.sending_at_ms)));
  const found = await o.lookup.find(
    new Set(rows.map(({ id }) => id)),
    topics.map((type) => topicOf(type, o.topicPrefix)),
    since,
  );
  const seqsOf = (there: boolean): string[] => rows.filter(({ id }) => found.has(id) === there).map(({ seq }) => seq);
  await markPublished(client, shard, seqsOf(true));
  await unclaim(client, shard, seqsOf(false));
  o.report.settled(found.size, rows.length - found.size);
  return end(client, 'commit', { kind: 'more' });
}

/** @returns what throws when the shard may be somebody else's by now */
function holdFromNow(): () => void {
  const until = performance.now() + HOLD_MS;
  return () => {
    if (performance.now() > until) throw new Error('held the shard for too long to send');
  };
}

async function end(client: PoolClient, how: 'commit' | 'rollback', drained: Drained): Promise<Drained> {
  await client.query(how);
  return drained;
}
