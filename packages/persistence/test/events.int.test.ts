import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { InboxRepository, OutboxEntity, OutboxRepository } from '../src/index.js';
import { tenantA, tenantB, useDatabase } from './support/database.js';
import { newEvent } from './support/events.js';

const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

describe('the outbox', () => {
  const database = useDatabase();
  let tenant: string;
  let outbox: OutboxRepository;
  beforeEach(() => {
    tenant = tenantA();
    outbox = new OutboxRepository(database.db);
  });
  const run = <T>(fn: () => Promise<T>): Promise<T> => database.db.run(tenant, fn);
  const rows = () => run(() => database.db.em.find(OutboxEntity, { order: { seq: 'ASC' } }));

  it('keeps the event as it was given', async () => {
    const event = newEvent(tenant, { traceparent: '00-t', data: { text: 'ü', none: null } });
    const { version, shard } = await run(() => outbox.appendEvent(event));
    const { event_id: id, occurred_at, ...rest } = event;
    expect(await rows()).toMatchObject([
      { ...rest, id, version, shard, occurred_at: new Date(occurred_at), published_at: null, failed_attempts: 0 },
    ]);
    expect(version).toBe(1);
  });

  it('counts each aggregate 1..n without a gap, in order of seq, also when some roll back', async () => {
    const aggregates = [randomUUID(), randomUUID()];
    await Promise.allSettled(
      numbers(80).map((i) =>
        run(async () => {
          await outbox.appendEvent(newEvent(tenant, { aggregate_id: aggregates[i % 2] }));
          if (i % 5 === 0) throw new Error('rolled back');
        }),
      ),
    );
    for (const aggregate of aggregates) {
      const versions = (await rows()).filter((row) => row.aggregate_id === aggregate).map((row) => row.version);
      expect(versions).toEqual(numbers(32));
    }
  });

  it('keeps the events of an aggregate in one shard, and spreads aggregates over all 16', async () => {
    const shards = new Map<string, Set<number>>();
    await run(async () => {
      for (const aggregate_id of numbers(400).map((i) => `aggregate-${String(i % 200)}`)) {
        const { shard } = await outbox.appendEvent(newEvent(tenant, { aggregate_id }));
        shards.set(aggregate_id, (shards.get(aggregate_id) ?? new Set()).add(shard));
      }
    });
    expect([...shards.values()].every((one) => one.size === 1)).toBe(true);
    const used = [...shards.values()].flatMap((one) => [...one]);
    expect(new Set(used).size).toBe(16);
    expect(Math.min(...used)).toBe(0);
    expect(Math.max(...used)).toBe(15);
  });

  it('keeps an event once that is appended again', async () => {
    const event = newEvent(tenant);
    const first = await run(() => outbox.appendEvent(event));
    const next = newEvent(tenant, { aggregate_id: event.aggregate_id });
    expect(await run(() => outbox.appendEvent(event))).toEqual(first);
    expect(await run(() => outbox.appendEvent(next))).toEqual({ version: 2, shard: first.shard });
    expect(await rows()).toHaveLength(2);
  });

  it('takes no event of another tenant', async () => {
    await expect(run(() => outbox.appendEvent(newEvent(tenantB())))).rejects.toThrow(/row-level security/);
  });

  it('counts the tenants apart', async () => {
    const event = newEvent(tenant);
    const other = newEvent(tenantB(), { event_id: event.event_id, aggregate_id: event.aggregate_id });
    await run(() => outbox.appendEvent(event));
    const { version } = await database.db.run(other.tenant_id, () => outbox.appendEvent(other));
    expect(version).toBe(1);
  });
});

describe('the inbox', () => {
  const database = useDatabase();
  const tenant = tenantA();
  const run = <T>(fn: () => Promise<T>): Promise<T> => database.db.run(tenant, fn);
  const event = (over = {}) => ({
    event_id: randomUUID(),
    event_type: 'agf.workflow.started',
    aggregate_key: 'k',
    aggregate_version: 1,
    ...over,
  });

  it('takes an event once a group, of 20 at once', async () => {
    const inbox = new InboxRepository(database.db);
    const one = event();
    const taken = await Promise.all(numbers(20).map(() => run(() => inbox.take('g', one))));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await run(() => inbox.take('another group', one))).toBe(true);
  });

  it('has not taken what was rolled back', async () => {
    const inbox = new InboxRepository(database.db);
    const one = event();
    const failing = run(async () => {
      await inbox.take('g', one);
      throw new Error('effect failed');
    });
    await expect(failing).rejects.toThrow('effect failed');
    expect(await run(() => inbox.take('g', one))).toBe(true);
  });

  it('knows the newest version of an aggregate by event type', async () => {
    const inbox = new InboxRepository(database.db);
    await run(async () => {
      await inbox.take('v', event({ aggregate_key: 'x', aggregate_version: 2 }));
      await inbox.take('v', event({ aggregate_key: 'x', aggregate_version: 7 }));
      await inbox.take('v', event({ aggregate_key: 'x', aggregate_version: 9, event_type: 'agf.workflow.failed' }));
      await inbox.take('v', event({ aggregate_key: 'y', aggregate_version: 11 }));
    });
    expect(await run(() => inbox.newestVersions('v', 'x'))).toEqual(
      new Map([
        ['agf.workflow.started', 7],
        ['agf.workflow.failed', 9],
      ]),
    );
  });
});
