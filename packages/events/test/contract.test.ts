import { describe, expect, it } from '@jest/globals';
import { EVENT_TYPES, type EventType, type JsonObject } from '@aumos/agf-domain';
import { decodeEvent, encodeEvent, EventDecodingError, EventEncodingError, MAX_EVENT_BYTES } from '../src/index.js';
import { anEvent, FULL_DATA, OPTIONAL, TRACEPARENT } from './support/events.js';

const without = (data: JsonObject, member: string): JsonObject =>
  Object.fromEntries(Object.entries(data).filter(([name]) => name !== member));

describe.each([...EVENT_TYPES])('%s', (type: EventType) => {
  it('comes back as it was written, with its place in the aggregate', () => {
    const event = anEvent(type);
    const { headers, value } = encodeEvent(event, 3);
    const { message, schema_version, aggregate_version, ...rest } = decodeEvent(headers, value)!;
    expect(rest).toEqual(event);
    expect({ schema_version, aggregate_version }).toEqual({ schema_version: '1', aggregate_version: 3 });
    expect(message.envelope?.eventId).toBe(event.event_id);
  });

  it('needs every member that is not optional', () => {
    const optional = OPTIONAL[type] ?? [];
    for (const member of Object.keys(FULL_DATA[type])) {
      const data = without(FULL_DATA[type], member);
      const encode = () => encodeEvent(anEvent(type, { data }), 1);
      if (!optional.includes(member)) {
        expect(encode).toThrow(EventEncodingError);
        continue;
      }
      const { headers, value } = encode();
      expect(decodeEvent(headers, value)!.data).toEqual(data);
    }
  });

  it('refuses members it does not know, camelCase ones and wrong types', () => {
    const bad = (change: JsonObject) => () =>
      encodeEvent(anEvent(type, { data: { ...FULL_DATA[type], ...change } }), 1);
    const first = Object.keys(FULL_DATA[type])[0]!;
    for (const change of [
      { extra: 1 },
      { executionId: 'x' },
      { [first]: 42 },
      { [first]: {} },
      { envelope: {} },
    ] as JsonObject[])
      expect(bad(change)).toThrow(EventEncodingError);
  });
});

it('writes the record that consumers are promised', () => {
  const event = anEvent('agf.hitl.approved');
  const record = encodeEvent(event, 2, { topicPrefix: 'blue.' });
  expect(record.topic).toBe('blue.agf.hitl.approved');
  expect(record.key).toBe(`${event.tenant_id}:approval/${event.aggregate_id}`);
  expect(record.headers).toEqual({
    'content-type': 'application/protobuf',
    ce_specversion: '1.0',
    ce_id: event.event_id,
    ce_type: 'agf.hitl.approved',
    ce_source: '/aumos/agent-framework/hitl-approval',
    ce_time: event.occurred_at,
    ce_subject: event.aggregate_id,
    ce_tenantid: event.tenant_id,
    ce_aggregateversion: '2',
    event_id: event.event_id,
    event_type: 'agf.hitl.approved',
    schema_version: '1',
    tenant_id: event.tenant_id,
    actor_id: 'acme-developer',
    resource_id: event.aggregate_id,
    occurred_at: event.occurred_at,
    correlation_id: 'req-1',
    traceparent: TRACEPARENT,
    ce_traceparent: TRACEPARENT,
  });
});

it.each<[what: string, change: object, version: number]>([
  ['an event id that is no uuid', { event_id: 'x' }, 1],
  ['a tenant that is no uuid', { tenant_id: '*' }, 1],
  ['a local time', { occurred_at: '2026-03-01 10:00' }, 1],
  ['a date that does not exist', { occurred_at: '2026-13-01T10:00:00Z' }, 1],
  ['version 0', {}, 0],
  ['an unknown type', { event_type: 'agf.workflow.exploded' }, 1],
  ['a number below 0', { data: { ...FULL_DATA['agf.agent.invoked'], privilege_level: -1 } }, 1],
  ['a fraction', { data: { ...FULL_DATA['agf.agent.invoked'], privilege_level: 1.5 } }, 1],
  ['33 bits', { data: { ...FULL_DATA['agf.agent.invoked'], privilege_level: 2 ** 32 } }, 1],
  ['null where a value is needed', { data: { ...FULL_DATA['agf.agent.invoked'], agent_id: null } }, 1],
  [
    'more bytes than a record takes',
    { data: { ...FULL_DATA['agf.agent.invoked'], agent_id: 'x'.repeat(MAX_EVENT_BYTES) } },
    1,
  ],
])('refuses %s', (_, change, version) => {
  expect(() => encodeEvent(anEvent('agf.agent.invoked', change), version)).toThrow(EventEncodingError);
});

describe('decodeEvent', () => {
  const { headers, value } = encodeEvent(anEvent('agf.workflow.started'), 1);
  it.each<[what: string, headers: Record<string, string>, value: Buffer | null]>([
    ['no headers', {}, value],
    ['another version of CloudEvents', { ...headers, ce_specversion: '0.3' }, value],
    ['bytes that are no protobuf', headers, Buffer.from([0xff, 0xff, 0xff])],
    ['no value', headers, null],
    ['a value without an envelope', headers, Buffer.alloc(0)],
    ['the header of another tenant', { ...headers, ce_tenantid: anEvent('agf.workflow.started').tenant_id }, value],
    ['a tenant that is no uuid', { ...headers, ce_tenantid: 'acme' }, value],
    ['the header of another event', { ...headers, ce_id: anEvent('agf.workflow.started').event_id }, value],
    ['the header of another type', { ...headers, ce_type: 'agf.workflow.completed' }, value],
  ])('refuses %s', (_, badHeaders, badValue) => {
    expect(() => decodeEvent(badHeaders, badValue)).toThrow(EventDecodingError);
  });

  it('leaves types of later versions alone, and takes headers as bytes', () => {
    expect(decodeEvent({ ...headers, ce_type: 'agf.workflow.forked' }, value)).toBeUndefined();
    const bytes = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]));
    expect(decodeEvent(bytes, value)?.event_type).toBe('agf.workflow.started');
  });
});
