import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Json, parseUrlTemplate, UrlTemplateError } from '../src/index.js';

const template = parseUrlTemplate('https://api.example.com:8443/v1/{a}/x.{b}/{a}?q={c}&fixed=1');
const fill = (given: { [name: string]: Json }): string => template.fill({ a: 'a', b: 'b', c: 'c', ...given });

describe('a URL template', () => {
  it('tells its host and what it needs', () => {
    expect(template).toMatchObject({ host: 'api.example.com:8443', names: ['a', 'b', 'c'] });
    expect(parseUrlTemplate('https://example.com:443')).toMatchObject({ host: 'example.com', names: [] });
    expect(parseUrlTemplate('https://example.com?x={y}').fill({ y: 1 })).toBe('https://example.com/?x=1');
  });

  it.each<[string, Json, string]>([
    ['a', 'x/../../y', 'https://api.example.com:8443/v1/x%2F..%2F..%2Fy/x.b/x%2F..%2F..%2Fy?q=c&fixed=1'],
    ['a', '@evil.example', 'https://api.example.com:8443/v1/%40evil.example/x.b/%40evil.example?q=c&fixed=1'],
    ['a', '?a#b\\', 'https://api.example.com:8443/v1/%3Fa%23b%5C/x.b/%3Fa%23b%5C?q=c&fixed=1'],
    ['a', '%2e%2e', 'https://api.example.com:8443/v1/%252e%252e/x.b/%252e%252e?q=c&fixed=1'],
    ['a', 7, 'https://api.example.com:8443/v1/7/x.b/7?q=c&fixed=1'],
    ['c', '1&admin=1#x', 'https://api.example.com:8443/v1/a/x.b/a?q=1%26admin%3D1%23x&fixed=1'],
    ['c', '', 'https://api.example.com:8443/v1/a/x.b/a?q=&fixed=1'],
    ['c', 'ä€ \r\n', 'https://api.example.com:8443/v1/a/x.b/a?q=%C3%A4%E2%82%AC%20%0D%0A&fixed=1'],
  ])('keeps %s in its place: %j', (name, value, url) => {
    expect(fill({ [name]: value })).toBe(url);
  });

  it.each<[string, Json]>([
    ['a', '..'],
    ['a', '.'],
    ['a', ''],
    ['a', null],
    ['a', ['x']],
    ['a', { x: 1 }],
    ['a', '\ud800'],
    ['c', null],
  ])('is not filled with %s: %j', (name, value) => {
    expect(() => fill({ [name]: value })).toThrow(UrlTemplateError);
  });

  it('is not filled by what an object inherits', () => {
    expect(() => parseUrlTemplate('https://example.com/{toString}').fill({})).toThrow(UrlTemplateError);
  });

  it('has the same host, as many segments and as many parameters whatever it is filled with', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('.', '/', '%', '2', 'e', 'E', '?', '#', '@', ':', '\\', '&', '=', '\t', ' ') }),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (a, b, c) => {
        let url: URL;
        try {
          url = new URL(fill({ a, b, c }));
        } catch (error) {
          expect(error).toBeInstanceOf(UrlTemplateError);
          return;
        }
        expect([url.origin, url.username, url.password, url.hash]).toEqual([
          ...['https://api.example.com:8443', '', '', ''],
        ]);
        const segments = url.pathname.split('/').map(decodeURIComponent);
        expect(segments).toEqual(['', 'v1', a, `x.${b}`, a]);
        expect([...url.searchParams]).toEqual([
          ['q', c],
          ['fixed', '1'],
        ]);
      }),
    );
  });
});
