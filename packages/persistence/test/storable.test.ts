import { describe, expect, it } from '@jest/globals';
import { ApiError } from '@aumos/agf-domain';
import { jsonb, jsonbReplacing, storable } from '../src/json/storable.js';

describe('what jsonb can hold', () => {
  it.each([['plain'], ['\\u0000 as text'], ['\\\\u0000'], ['😀 pair'], ['\u0001'], [null], [{ a: ['ü'] }]])(
    'takes %j',
    (value) => {
      expect(JSON.parse(jsonb(value))).toEqual(value);
      expect(storable(value)).toBe(value);
    },
  );

  it.each([['\u0000'], ['x\\\u0000'], [{ a: ['\ud800'] }], [{ '\u0000': 1 }], ['\udc00x']])('refuses %j', (value) => {
    expect(() => jsonb(value)).toThrow(ApiError);
    expect(() => storable(value)).toThrow(/cannot be stored/);
  });

  it('replaces what it cannot, where it has to hold something', () => {
    expect(JSON.parse(jsonbReplacing({ a: ['x\u0000', '\ud800y', '😀'], '\udc00': 1 }))).toEqual({
      a: ['x\ufffd', '\ufffdy', '😀'],
      '\ufffd': 1,
    });
    expect(jsonbReplacing({ a: 1 })).toBe('{"a":1}');
  });

  it("makes JSON's null of nothing", () => {
    expect(jsonb(undefined)).toBe('null');
  });
});
