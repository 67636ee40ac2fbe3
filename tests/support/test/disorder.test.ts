import { describe, expect, it } from '@jest/globals';
import { type TappedEvent } from '../src/event-tap.js';
import { disorder } from '../src/events-in-order.js';

const TENANT = 'ac3e0000-0000-4000-8000-000000000001';

/** The nth version of an execution, as the nth record of its topic. */
function told(version: number, more: Partial<TappedEvent> & { id?: string } = {}): TappedEvent {
  const event = {
    event_id: more.id ?? `event-${String(version)}`,
    tenant_id: TENANT,
    aggregate_type: 'execution',
    aggregate_id: 'x',
    aggregate_version: version,
  } as TappedEvent['event'];
  const key = `${TENANT}:execution/x`;
  return { topic: 'agf.workflow.started', partition: 1, offset: version, key, headers: {}, event, ...more };
}

describe('disorder', () => {
  it('is none where versions are 1..n, in whatever order they were read', () => {
    expect(disorder([told(2), told(1), told(3, { topic: 'agf.workflow.completed', partition: 4, offset: 0 })])).toEqual(
      [],
    );
  });

  it.each([
    ['an id twice', [told(1), told(2, { id: 'event-1' })], /event event-1 is 2 times/],
    ['a gap', [told(1), told(3)], /versions 1, 3 instead of/],
    ['a beginning that is missing', [told(2)], /versions 2 instead of/],
    ['a version twice', [told(1), told(1, { id: 'other' })], /versions 1, 1 instead of/],
    ['a wrong order on a topic', [told(1, { offset: 9 }), told(2, { offset: 3 })], /in the order 2, 1/],
    ['two partitions', [told(1), told(2, { partition: 2 })], /torn apart/],
    ['another key', [told(1, { key: 'x' })], /other keys/],
  ])('is %s', (_, events, said) => {
    expect(disorder(events).join('\n')).toMatch(said);
  });
});
