import { randomBytes, randomUUID } from 'node:crypto';
import { Secret } from '@aumos/agf-platform';
import { describe, expect, it } from '@jest/globals';
import { LinkTokens } from '../src/links/link-tokens.js';

const key = (): string => randomBytes(32).toString('base64');
const tokensBy = (...keys: string[]): LinkTokens => new LinkTokens({ secretsKey: new Secret(keys.join(',')) });

describe('the token of a link', () => {
  const [ours, theirs] = [key(), key()];
  const tokens = tokensBy(ours);
  const link = { tenant_id: randomUUID(), id: randomUUID(), expires_at: new Date(1_800_000_000_000) };

  it('says whose it is, which and until when, and is the same each time', () => {
    expect(tokens.read(tokens.sign(link))).toEqual(link);
    expect(tokens.sign(link)).toBe(tokens.sign(link));
    expect(tokens.sign(link)).toMatch(/^[\w-]{94}$/);
  });

  it('is read after the keys were rotated, and not by other keys', () => {
    expect(tokensBy(theirs, ours).read(tokens.sign(link))).toEqual(link);
    expect(tokensBy(theirs).read(tokens.sign(link))).toBeNull();
  });

  it('is nothing once anything of it is changed, however it is written', () => {
    const token = tokens.sign(link);
    const bytes = Buffer.from(token, 'base64url');
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i]! ^= 1;
      expect(tokens.read(changed.toString('base64url'))).toBeNull();
    }
    const last = token.at(-1)!;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const sibling = alphabet[alphabet.indexOf(last) ^ 1]!;
    const others = [
      token.slice(0, -1) + sibling,
      `${token}=`,
      `${token}A`,
      token.slice(1),
      ` ${token}`,
      '',
      'x',
      '%00',
    ];
    for (const other of others) expect(tokens.read(other)).toBeNull();
  });
});
