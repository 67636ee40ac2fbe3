import { describe, expect, it } from '@jest/globals';
import { BuiltinTools } from '../src/index.js';
import { calledHost } from '../src/http/called-host.js';

const { specs } = new BuiltinTools();
const spec = (name: string) => specs.get(name)!;

describe('the host that a call names', () => {
  it.each([
    ['https://api.example.com/v1?x=1', 'api.example.com'],
    ['http://API.example.com:8080/', 'api.example.com:8080'],
    ['https://[2001:db8::1]/', '[2001:db8::1]'],
    ['not a url', undefined],
    [7, undefined],
  ])('of %j is %j', (url, host) => expect(calledHost(spec('http_get'), { url })).toBe(host));

  it('is there for every built-in tool that takes a URL, and for no other', () => {
    const url = 'https://example.com/';
    const taking = [...specs.values()]
      .filter((each) => calledHost(each, { url }) !== undefined)
      .map(({ name }) => name);
    const properties = (name: string) => (spec(name).input_schema as { properties: object }).properties;
    expect(taking.sort()).toEqual([...specs.keys()].filter((name) => 'url' in properties(name)).sort());
    expect(taking).toContain('webhook_post');
  });

  it('is none of a tool that has its URL in its definition', () => {
    const input_schema = { type: 'object', properties: { url: { type: 'string' } } };
    expect(calledHost({ input_schema }, { url: 'https://example.com/' })).toBeUndefined();
  });
});
