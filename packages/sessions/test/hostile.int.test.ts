import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type Json } from '@aumos/agf-domain';
import { AGENT, refusal, sessions, useRedis } from './support.js';

const nested = (depth: number): Json => {
  let value: Json = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
};
const endless: unknown[] = [];
endless.push(endless);
const doubling = (): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < 60; i++) value = [value, value];
  return value;
};

describe('hostile', () => {
  const world = useRedis();
  const open = () => sessions(world.redis).open({ tenant: world.tenant, agent: AGENT, session: randomUUID() });

  it.each([
    ['__proto__'],
    ['constructor'],
    ['prototype'],
    [''],
    ['\ud800'],
    ['a\0b'],
    ['x'.repeat(257)],
    [1 as unknown as string],
    [undefined as unknown as string],
  ])('the key %j is refused', async (key) => {
    const session = open();
    for (const call of [
      () => session.get(key),
      () => session.set(key, 1),
      () => session.compareAndSet(key, 1, null),
      () => session.merge(key, {}),
      () => session.append(key, [1]),
      () => session.delete(key),
    ])
      expect(await refusal(call())).toMatchObject({
        code: 'VALIDATION_ERROR',
        details: { fields: [{ field: 'key' }] },
      });
  });

  it.each([
    '#v',
    '#by',
    '#m',
    'k:',
    'toString',
    'hasOwnProperty',
    '*',
    '{x}',
    '\n',
    '🎉',
    "'; return redis.call('FLUSHALL')",
  ])('the key %j is carried', async (key) => {
    const session = open();
    await session.set(key, key);
    await session.set('other', 1);
    expect((await session.get(key))!.value).toBe(key);
    expect((await session.entries()).get(key)!.value).toBe(key);
    expect(await session.delete(key)).toBe(true);
    expect((await session.entries()).size).toBe(1);
  });

  it.each<[string, unknown]>([
    ['a prototype', JSON.parse('{"a": [{"__proto__": {"x": 1}}]}')],
    ['a constructor', { constructor: 1 }],
    ['half a pair', 'a\ud800'],
    ['half a pair in a name', { 'a\udc00': 1 }],
    ['NUL', ['\0']],
    ['infinity', { a: Infinity }],
    ['no number', NaN],
    ['undefined', undefined],
    ['an undefined member', { a: undefined }],
    ['a hole', [1, , 2]], // eslint-disable-line no-sparse-arrays
    ['a date', new Date()],
    ['a big number', 1n],
    ['a function', { toJSON: () => 1 }],
    ['a map', new Map()],
    ['101 levels', nested(101)],
    ['very many levels', nested(100_000)],
    ['itself', endless],
    ['itself twice, sixty times', doubling()],
  ])('a value with %s is refused', async (_, value) => {
    const session = open();
    await session.set('x', 1);
    const error = { code: 'VALIDATION_ERROR', details: { fields: [{ field: 'value' }] } };
    expect(await refusal(session.set('x', value as Json))).toMatchObject(error);
    expect(await refusal(session.compareAndSet('y', value as Json, null))).toMatchObject(error);
    expect(await refusal(session.append('l', [value as Json]))).toMatchObject(error);
    expect(await refusal(session.merge('x', { a: value as Json }))).toMatchObject(error);
    expect([...(await session.entries())].map(([key, entry]) => [key, entry.value])).toEqual([['x', 1]]);
  });

  it('a patch that is no object is refused', async () => {
    for (const patch of [null, [1], 'x', 1])
      expect(await refusal(open().merge('x', patch as never))).toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  it.each<[string, Json]>([
    ['99 levels', nested(99)],
    ['scripts and separators', ['\n1:2', 'L0,1\n', 'J', '"', 'return 1', '{agf:x}']],
    ['what looks sealed', 'abcdef12.AAAA'],
    ['negative zero', { a: [1, 0] }],
    ['surrogate pairs', '👩‍👩‍👧‍👦'.repeat(50)],
  ])('%s are carried unharmed', async (_, value) => {
    const session = open();
    await session.set('x', value);
    expect((await session.get('x'))!.value).toEqual(value);
    await session.append('l', [value], { cap: 2 });
    await session.append('l', [value], { cap: 2 });
    await session.append('l', [value, 'end'], { cap: 2 });
    expect((await session.get('l'))!.value).toEqual([value, 'end']);
    expect((await session.merge('m', { value })).value).toEqual({ value });
  });
});
