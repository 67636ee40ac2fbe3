import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BreakerKey } from '@aumos/agf-domain';
import { BreakerGuard, type ListedBreakers } from '../src/index.js';
import { connect, forget, tenant } from './redis.js';

describe('the list of a tenant’s breakers', () => {
  const redis = connect();
  const guard = new BreakerGuard(redis);
  const id = tenant();
  const keys: BreakerKey[] = [];
  beforeAll(async () => {
    for (const kind of ['agent', 'tool', 'workflow'] as const)
      for (let i = 0; i < 700; i++) keys.push(`${kind}:${String(i).padStart(4, '0')}`);
    const lost = { epoch: 7, since: new Date().toISOString(), until: new Date().toISOString(), failure_count: 1 };
    await guard.restore(
      id,
      keys.map((key) => ({ key, ...lost })),
    );
  });
  afterAll(async () => {
    await forget(redis, id);
    redis.disconnect();
  });
  const keysOf = ({ breakers }: ListedBreakers): string[] => breakers.map(({ key }) => key);

  it('has all of them, in the order of their keys', async () => {
    expect((await guard.states(id)).map(({ key }) => key)).toEqual(keys);
  });

  it('comes in pages that go on after a key, whatever was added before it', async () => {
    const first = await guard.list(id, { limit: 500 });
    expect(keysOf(first)).toEqual(keys.slice(0, 500));
    expect(first.next).toBe(keys[499]);
    const second = await guard.list(id, { limit: 500, after: first.next as BreakerKey });
    expect(keysOf(second)).toEqual(keys.slice(500, 1_000));
    const last = await guard.list(id, { limit: 500, after: keys.at(-2) });
    expect([keysOf(last), last.next]).toEqual([keys.slice(-1), null]);
  });

  it('has one kind, if asked', async () => {
    const { breakers, next } = await guard.list(id, { limit: 701, prefix: 'tool:' });
    expect(breakers.map(({ key }) => key)).toEqual(keys.filter((key) => key.startsWith('tool:')));
    expect(next).toBeNull();
    const rest = await guard.list(id, { limit: 10, prefix: 'tool:', after: 'tool:0698' });
    expect(keysOf(rest)).toEqual(['tool:0699']);
  });

  it('goes on over what expired', async () => {
    await redis.del(...keys.slice(0, 3).map((key) => `{agf:${id}}:breaker:${key}`));
    const page = await guard.list(id, { limit: 5 });
    expect([keysOf(page), page.next]).toEqual([keys.slice(3, 5), keys[4]]);
    expect(keysOf(await guard.list(id, { limit: 5 }))).toEqual(keys.slice(3, 8));
  });
});
