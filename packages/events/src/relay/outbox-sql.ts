import { type Pool, type PoolClient } from 'pg';
import { type OutboxRow } from './outbox-row.js';

/** Class of the relay's advisory locks; the object is the shard. */
const LOCK_CLASS = 0x4147464f;

/** A poisoned event is tried again after 30 s, 60 s … at most an hour: a repaired row or a newer schema lets it go. */
const RETRY_SECONDS = 'least(30 * power(2, least(failed_attempts, 7)), 3600)';

/** Which of these shards have anything to send, in one trip. */
export async function shardsWithWork(pool: Pool, shards: readonly number[]): Promise<number[]> {
  const { rows } = await pool.query<{ shard: number }>({
    name: 'agf-outbox-probe',
    text: `select s as shard from unnest($1::int[]) s
           where exists (select 1 from agf_outbox where shard = s and published_at is null)`,
    values: [shards],
  });
  return rows.map(({ shard }) => shard);
}

/** Begins a transaction that owns the shard until it ends. In a statement of its own: what is read next must see all that the last owner marked. */
export async function beginAndLock(client: PoolClient, shard: number): Promise<boolean> {
  const text = `begin; select pg_try_advisory_xact_lock(${String(LOCK_CLASS)}, ${String(shard)}) as locked`;
  const results = (await client.query(text)) as unknown as { rows: { locked: boolean }[] }[];
  return results[1]?.rows[0]?.locked ?? false;
}

/**
 * The oldest unpublished rows of a shard in order, without those that wait behind a poisoned event of their aggregate.
 * Never from a remembered position: that would skip transactions that were in flight.
 */
export async function readUnpublished(client: PoolClient, shard: number, limit: number): Promise<OutboxRow[]> {
  const { rows } = await client.query<OutboxRow>({
    name: 'agf-outbox-read',
    text: `select seq, id, tenant_id, event_type, aggregate_type, aggregate_id, version, actor_id, correlation_id,
             occurred_at, data, traceparent, failed_attempts,
             (extract(epoch from sending_at) * 1000)::bigint as sending_at_ms,
             (extract(epoch from clock_timestamp() - sending_at) * 1000)::float8 as sending_age_ms
           from agf_outbox o
           where shard = $1 and published_at is null and not exists (
             select 1 from agf_outbox p
             where p.tenant_id = o.tenant_id and p.aggregate_type = o.aggregate_type and p.aggregate_id = o.aggregate_id
               and p.published_at is null and p.retry_at > clock_timestamp() and p.seq <= o.seq)
           order by seq limit $2`,
    values: [shard, limit],
  });
  return rows;
}

/** Says, before the send, that it begins: committed at once. Returns the time that the records are to bear. */
export async function claim(pool: Pool, shard: number, seqs: readonly string[]): Promise<string> {
  const { rows } = await pool.query<{ ms: string }>({
    name: 'agf-outbox-claim',
    text: `update agf_outbox set sending_at = date_trunc('milliseconds', statement_timestamp())
           where shard = $1 and seq = any($2::bigint[]) and published_at is null
           returning (extract(epoch from sending_at) * 1000)::bigint as ms`,
    values: [shard, seqs],
  });
  if (rows.length !== seqs.length || !rows[0]) throw new Error('outbox rows changed under the lock of their shard');
  return rows[0].ms;
}

export async function markPublished(client: PoolClient, shard: number, seqs: readonly string[]): Promise<void> {
  await client.query({
    name: 'agf-outbox-mark',
    text: `update agf_outbox set published_at = clock_timestamp(), last_error = null, retry_at = null
           where shard = $1 and seq = any($2::bigint[]) and published_at is null`,
    values: [shard, seqs],
  });
}

/** Found to be not on Kafka: they may be sent again. */
export async function unclaim(client: PoolClient, shard: number, seqs: readonly string[]): Promise<void> {
  const text = 'update agf_outbox set sending_at = null where shard = $1 and seq = any($2::bigint[])';
  await client.query(text, [shard, seqs]);
}

export async function markPoisoned(client: PoolClient, shard: number, seq: string, error: string): Promise<void> {
  const text = `update agf_outbox set failed_attempts = failed_attempts + 1, last_error = $3,
      retry_at = clock_timestamp() + make_interval(secs => ${RETRY_SECONDS})
    where shard = $1 and seq = $2::bigint and published_at is null`;
  await client.query(text, [shard, seq, error.slice(0, 500)]);
}

/**
 * Deletes without a condition of its own: the role may delete what was published that long ago, and may not even see it.
 * @returns how many rows went
 */
export async function deletePublished(pool: Pool, olderThanDays: number): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(`select set_config('app.outbox_retention_days', $1, true)`, [String(olderThanDays)]);
    const { rowCount } = await client.query('delete from agf_outbox');
    await client.query('commit');
    return rowCount ?? 0;
  } finally {
    client.release(true);
  }
}
