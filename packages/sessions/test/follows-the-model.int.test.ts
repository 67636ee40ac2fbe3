import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { FORBIDDEN_KEYS, isStorableText, type Json } from '@aumos/agf-domain';
import fc from 'fast-check';
import { type AgentSession } from '../src/index.js';
import { mergePatch } from '../src/values/merge-patch.js';
import { AGENT, box, newKey, refusal, sessions, useRedis } from './support.js';

const name = fc.string({ unit: 'binary' }).filter((text) => isStorableText(text) && !FORBIDDEN_KEYS.has(text));
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json[]>(null, true, false, '', '\n1:2', [], {}),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    name,
    fc.array(tie('json'), { maxLength: 5 }),
    fc.dictionary(name, tie('json'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));
const object = fc.dictionary(name, json, { maxKeys: 4, noNullPrototype: true });
const key = fc.constantFrom('a', 'b', 'c');
const step = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key, value: json }),
  fc.record({ kind: fc.constant('merge' as const), key, patch: object }),
  fc.record({
    kind: fc.constant('append' as const),
    key,
    items: fc.array(json, { minLength: 1 }),
    cap: fc.integer({ min: 1, max: 50 }),
  }),
  fc.record({ kind: fc.constant('delete' as const), key }),
  fc.record({ kind: fc.constant('clear' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What a session is, in five lines: values by key. */
function follow(model: Map<string, Json>, step: Step): 'done' | 'no_list' {
  if (step.kind === 'set') model.set(step.key, step.value);
  else if (step.kind === 'merge') model.set(step.key, mergePatch(model.get(step.key), step.patch));
  else if (step.kind === 'delete') model.delete(step.key);
  else if (step.kind === 'clear') model.clear();
  else {
    const list = model.has(step.key) ? model.get(step.key) : [];
    if (!Array.isArray(list)) return 'no_list';
    model.set(step.key, [...list, ...step.items].slice(-step.cap));
  }
  return 'done';
}

async function take(session: AgentSession, step: Step): Promise<unknown> {
  if (step.kind === 'set') return session.set(step.key, step.value);
  if (step.kind === 'merge') return session.merge(step.key, step.patch);
  if (step.kind === 'delete') return session.delete(step.key);
  if (step.kind === 'clear') return session.clear();
  return session.append(step.key, step.items, { cap: step.cap });
}

describe('a session of any use', () => {
  const world = useRedis();

  it.each([
    ['plain', undefined],
    ['sealed', box(newKey())],
  ])('%s, holds what a map would', async (_, cipher) => {
    const all = sessions(world.redis, cipher ? { cipher } : {});
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const model = new Map<string, Json>();
        const session = all.open({ tenant: world.tenant, agent: AGENT, session: randomUUID() });
        for (const each of steps) {
          if (follow(model, each) === 'done') await take(session, each);
          else expect(await refusal(take(session, each))).toMatchObject({ code: 'INVALID_STATE' });
          const held = [...(await session.entries())].map(([at, { value }]) => [at, value] as const);
          expect(new Map(held)).toEqual(model);
        }
      }),
      { numRuns: 100 },
    );
  });
});
