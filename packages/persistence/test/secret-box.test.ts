import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SecretBox } from '../src/index.js';

const context = { tenantId: '00000000-0000-4000-8000-00000000000a', name: 'warehouse' };
const key = randomBytes(32);

describe('SecretBox', () => {
  const box = new SecretBox([key]);

  it('opens what it sealed, and seals it differently each time', () => {
    const sealed = box.seal('pässword', context);
    expect(box.open(sealed, context)).toBe('pässword');
    expect(sealed.ciphertext.equals(box.seal('pässword', context).ciphertext)).toBe(false);
    expect(sealed.ciphertext.includes('ssword')).toBe(false);
  });

  it.each([
    ['another tenant', { ...context, tenantId: '00000000-0000-4000-8000-00000000000b' }],
    ['another name', { ...context, name: 'other' }],
  ])('does not open for %s', (_, other) => {
    expect(() => box.open(box.seal('x', context), other)).toThrow();
  });

  it('does not open what was changed or cut', () => {
    const sealed = box.seal('secret', context);
    for (let at = 0; at < sealed.ciphertext.length; at++) {
      const ciphertext = Buffer.from(sealed.ciphertext);
      ciphertext[at]! ^= 1;
      expect(() => box.open({ ...sealed, ciphertext }, context)).toThrow();
    }
    expect(() => box.open({ ...sealed, ciphertext: sealed.ciphertext.subarray(0, 20) }, context)).toThrow();
  });

  it('opens with every key, seals with the first: so keys rotate', () => {
    const old = box.seal('x', context);
    const rotated = SecretBox.fromBase64([randomBytes(32), key].map((one) => one.toString('base64')).join(', '));
    expect(rotated.open(old, context)).toBe('x');
    expect(rotated.seal('x', context).key_id).not.toBe(old.key_id);
    expect(() => box.open(rotated.seal('x', context), context)).toThrow(/no key/);
  });

  it('takes keys of 32 bytes alone', () => {
    expect(() => new SecretBox([randomBytes(16)])).toThrow(/32 bytes/);
    expect(() => SecretBox.fromBase64('')).toThrow(/32 bytes/);
    expect(() => new SecretBox([])).toThrow(/needs a key/);
  });
});
