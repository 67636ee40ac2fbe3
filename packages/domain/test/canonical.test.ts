import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  approvalPayloadHash,
  type ApprovalPayload,
  canonicalJson,
  definitionHash,
  type Json,
  NotCanonicalError,
  sha256Hex,
  type WorkflowDefinition,
} from '../src/runtime.js';

const shuffled = (value: Json): Json => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(shuffled);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, shuffled(member)]),
  );
};

describe('canonicalJson', () => {
  // The examples of RFC 8785, sections 3.2.2 and 3.2.3.
  it.each<[Json, string]>([
    [
      {
        numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
        string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
        literals: [null, true, false],
      },
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    ],
    [
      {
        '\u20ac': 'Euro',
        '\r': 'CR',
        '\ufb33': 'Dalet',
        '1': 'One',
        '\ud83d\ude00': 'Smile',
        '\u0080': 'Control',
        '\u00f6': 'o',
      },
      '{"\\r":"CR","1":"One","\u0080":"Control","ö":"o","€":"Euro","😀":"Smile","\ufb33":"Dalet"}',
    ],
    [-0, '0'],
    [[], '[]'],
  ])('%j', (value, text) => expect(canonicalJson(value)).toBe(text));

  it('does not depend on the order of members, and reads back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(shuffled(value as Json))).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
  it.each<[unknown, string]>([
    [NaN, ''],
    [{ a: [1, Infinity] }, '/a/1'],
    ['\ud800', ''],
    [{ 'x\udc00': 1 }, ''],
    [{ a: undefined }, '/a'],
    [[undefined], '/0'],
    [undefined, ''],
    [{ a: () => 1 }, '/a'],
    [{ a: 1n }, '/a'],
    [{ a: new Date(0) }, '/a'],
    [new Map(), ''],
    [Symbol('s'), ''],
  ])('refuses %p', (value, pointer) => {
    expect(() => canonicalJson(value)).toThrow(NotCanonicalError);
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ pointer }));
  });
  it('takes any depth', () => {
    let deep: Json = 1;
    for (let i = 0; i < 50_000; i++) deep = [deep];
    expect(canonicalJson(deep)).toHaveLength(100_001);
  });
});

describe('hashes', () => {
  it('are SHA-256 of UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) =>
        expect(sha256Hex(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex')),
      ),
    );
  });
  it('a definition has one hash, however it is written', () => {
    const definition: WorkflowDefinition = {
      schema: 'agf/workflow/v1',
      name: 'w',
      nodes: [{ id: 'a', type: 'compensate' }],
      edges: [{ source: 'START', target: 'a' }],
    };
    expect(definitionHash(shuffled(definition as unknown as Json) as unknown as WorkflowDefinition)).toBe(
      definitionHash(definition),
    );
    expect(definitionHash({ ...definition, name: 'v' })).not.toBe(definitionHash(definition));
  });

  const payload: ApprovalPayload = {
    tenant_id: 't',
    execution_id: 'e',
    node: 'load',
    visit: 1,
    gate_name: 'publish',
    tool: 'table_load',
    tool_version: 1,
    arguments: { table: 'cars', source: 'artifact:1' },
    privilege_level: 3,
    expires_at: '2026-01-02T00:00:00Z',
  };
  it('an approval is bound to every member of what will be done', () => {
    const changes: Partial<ApprovalPayload>[] = [
      { tenant_id: 'u' },
      { execution_id: 'f' },
      { node: 'n' },
      { visit: 2 },
      { gate_name: 'g' },
      { tool: null },
      { tool_version: 2 },
      { arguments: { table: 'cars', source: 'artifact:2' } },
      { privilege_level: 4 },
      { expires_at: '2026-01-03T00:00:00Z' },
    ];
    const hashes = [payload, ...changes.map((change) => ({ ...payload, ...change }))].map(approvalPayloadHash);
    expect(new Set(hashes).size).toBe(1 + Object.keys(payload).length);
  });
  it('and to nothing else', () => {
    expect(approvalPayloadHash({ ...payload, arguments: { source: 'artifact:1', table: 'cars' } })).toBe(
      approvalPayloadHash(payload),
    );
    expect(approvalPayloadHash({ ...payload, note: 'x' } as ApprovalPayload)).toBe(approvalPayloadHash(payload));
  });
  it('a golden hash: a change of it breaks approvals that are pending', () =>
    expect(approvalPayloadHash(payload)).toBe('d1652198df2e779c4c9a38c63ad7a534145f86704bbb7be7b2c7f31cf6d4c922'));
});
