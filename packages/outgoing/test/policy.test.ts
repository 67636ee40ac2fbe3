import { describe, expect, it } from '@jest/globals';
import { parseRule } from '../src/parse-rule.js';
import { type OutgoingPolicy, Policy } from '../src/policy.js';
import { targetOf } from '../src/target.js';

/** Why it is blocked, or null. */
function judged(allow: OutgoingPolicy, url: string, addresses: string[]): unknown {
  const [policy, target] = [new Policy(allow), targetOf(url)];
  try {
    policy.checkName(target);
    policy.checkAddresses(target, addresses);
    return null;
  } catch (error) {
    return (error as { details: { reason: string } }).details.reason;
  }
}

describe('a rule', () => {
  it.each([
    ['api.example.com', { kind: 'name', name: 'api.example.com', port: null }],
    ['API.Example.com.:8443', { kind: 'name', name: 'api.example.com', port: 8443 }],
    ['*.bücher.example', { kind: 'name', name: '*.xn--bcher-kva.example', port: null }],
    ['minio:9000', { kind: 'name', name: 'minio', port: 9000 }],
    ['10.0.0.7', { kind: 'range', address: '10.0.0.7', bits: 32, port: null }],
    ['10.0.0.7:443', { kind: 'range', address: '10.0.0.7', bits: 32, port: 443 }],
    ['10.0.0.0/8', { kind: 'range', address: '10.0.0.0', bits: 8, port: null }],
    ['10.0.0.0/8:8080', { kind: 'range', address: '10.0.0.0', bits: 8, port: 8080 }],
    ['::1', { kind: 'range', address: '::1', bits: 128, port: null }],
    ['[::1]:8080', { kind: 'range', address: '::1', bits: 128, port: 8080 }],
    ['fd00::/8', { kind: 'range', address: 'fd00::', bits: 8, port: null }],
    ['[fd00::]/8:443', { kind: 'range', address: 'fd00::', bits: 8, port: 443 }],
    ['::ffff:10.0.0.0/104', { kind: 'range', address: '10.0.0.0', bits: 8, port: null }],
  ])('%s', (text, rule) => expect(parseRule(text)).toEqual(rule));

  it.each([
    ...[
      '',
      '*',
      '*.',
      'http://a.example',
      'a.example/path',
      'user@a.example',
      'a example',
      'a.example:0',
      'a.example:70000',
    ],
    ...[
      '10.0.0.0/33',
      '::/129',
      '10.0.0/8',
      '0x7f.1',
      '2130706433',
      '127.1',
      '::ffff:0:0/80',
      '[::1',
      'a.*.example',
      '.',
    ],
  ])('is not %j', (text) => expect(() => parseRule(text)).toThrow(JSON.stringify(text)));
});

describe('without rules', () => {
  it('every public address may be reached, and no other', () => {
    expect(judged({}, 'https://api.example.com/', ['93.184.215.14'])).toBeNull();
    expect(judged({}, 'https://api.example.com:8443/', ['93.184.215.14', '2606:4700::1111'])).toBeNull();
    expect(judged({}, 'https://api.example.com/', ['10.0.0.1'])).toBe('address');
  });

  it.each([
    ['first', ['10.0.0.1', '93.184.215.14', '2606:4700::1111']],
    ['between', ['93.184.215.14', '10.0.0.1', '2606:4700::1111']],
    ['last, of the other family', ['93.184.215.14', '1.1.1.1', '::1']],
    ['mapped', ['93.184.215.14', '::ffff:10.0.0.1']],
  ])('one bad address (%s) blocks all', (_where, addresses) => {
    expect(judged({}, 'https://api.example.com/', addresses)).toBe('address');
  });
});

describe('internal rules', () => {
  it('open a range, a name, what ends in it, and nothing beside', () => {
    const open = (rule: string, url: string, address: string) => judged({ internal: [rule] }, url, [address]);
    expect(open('10.1.0.0/16', 'http://x.example/', '10.1.2.3')).toBeNull();
    expect(open('10.1.0.0/16', 'http://x.example/', '10.2.2.3')).toBe('address');
    expect(open('fd00::/8', 'http://x.example/', 'fd12::1')).toBeNull();
    expect(open('10.1.0.0/16', 'http://[::ffff:10.1.2.3]/', '::ffff:10.1.2.3')).toBeNull();
    expect(open('minio.store.local', 'http://minio.store.local/', '10.2.2.3')).toBeNull();
    expect(open('minio.store.local', 'http://other.store.local/', '10.2.2.3')).toBe('name');
    expect(open('*.store.local', 'http://other.store.local/', '10.2.2.3')).toBeNull();
    expect(open('*.store.local', 'http://store.local/', '10.2.2.3')).toBe('name');
    expect(open('*.store.example', 'http://evilstore.example/', '10.2.2.3')).toBe('address');
  });

  it('that name a port open that port alone, also one of infrastructure', () => {
    const rule = { internal: ['10.1.0.0/16:9092'] };
    expect(judged(rule, 'http://10.1.0.1:9092/', ['10.1.0.1'])).toBeNull();
    expect(judged(rule, 'http://10.1.0.1/', ['10.1.0.1'])).toBe('address');
    expect(judged({ internal: ['10.1.0.0/16'] }, 'http://10.1.0.1:9092/', ['10.1.0.1'])).toBe('port');
  });

  it('keep what is public open', () => {
    expect(judged({ internal: ['10.0.0.0/8'] }, 'http://x.example/', ['93.184.215.14'])).toBeNull();
  });

  it.each(['169.254.169.254', 'fd00:ec2::254', '0.0.0.0', '224.0.0.1', '64:ff9b::a00:1', '2002:a00:1::', 'fe80::1'])(
    'never open %s',
    (address) => {
      const internal = ['0.0.0.0/0', '::/0', 'x.example'];
      expect(judged({ internal }, 'http://x.example/', [address])).toBe('address');
      expect(judged({ internal }, 'http://x.example/', ['10.0.0.1'])).toBeNull();
    },
  );
});

describe('a list of the only hosts', () => {
  it.each([
    ['https://api.example.com/', null],
    ['https://API.example.com./', null],
    ['https://a.partner.example/', null],
    ['https://a.b.partner.example/', null],
    ['https://api.example.com:444/', 'not_listed'],
    ['https://partner.example/', 'not_listed'],
    ['https://evilpartner.example/', 'not_listed'],
    ['https://api.example.com.evil.example/', 'not_listed'],
  ])('%s: %s', (url, reason) => {
    expect(judged({ only: ['api.example.com:443', '*.partner.example'] }, url, ['93.184.215.14'])).toBe(reason);
  });

  it('does not open what is internal, nor do internal rules lengthen it', () => {
    expect(judged({ only: ['x.example'] }, 'http://x.example/', ['10.0.0.1'])).toBe('address');
    expect(judged({ only: ['x.example'], internal: ['10.0.0.0/8'] }, 'http://y.example/', ['10.0.0.1'])).toBe(
      'not_listed',
    );
    expect(judged({ only: ['x.example'], internal: ['10.0.0.0/8'] }, 'http://x.example/', ['10.0.0.1'])).toBeNull();
  });

  it('opens no port either', () => {
    expect(judged({ only: ['x.example:25'] }, 'http://x.example:25/', ['93.184.215.14'])).toBe('port');
    expect(
      judged({ only: ['x.example'], internal: ['x.example:25'] }, 'http://x.example:25/', ['93.184.215.14']),
    ).toBeNull();
  });

  it('may be of ranges: all addresses have to be in them', () => {
    const only = ['93.184.0.0/16'];
    expect(judged({ only }, 'http://x.example/', ['93.184.1.1', '93.184.2.2'])).toBeNull();
    expect(judged({ only }, 'http://x.example/', ['93.184.1.1', '1.1.1.1'])).toBe('not_listed');
  });

  it('of nothing lets nothing through', () => {
    expect(judged({ only: [] }, 'http://x.example/', ['93.184.215.14'])).toBe('not_listed');
  });
});
