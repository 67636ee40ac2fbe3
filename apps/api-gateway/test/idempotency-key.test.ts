import { describe, expect, it } from '@jest/globals';
import { ownKey } from '../src/executions/idempotency-key.js';

describe('an Idempotency-Key', () => {
  it('is its sender’s own, wherever their name ends', () => {
    const pairs: [sub: string, key: string][] = [
      ['ann', 'b:c'],
      ['ann:b', 'c'],
      ['ann%3Ab', 'c'],
      ['ann', '%3Ab:c'],
      ['ann%', '3Ab:c'],
      ['ann:b:c', ''],
    ];
    expect(new Set(pairs.map(([sub, key]) => ownKey(sub, key))).size).toBe(pairs.length);
    expect(ownKey('auth0|ann', 'k')).toBe('auth0|ann:k');
  });
});
