import { describe, expect, it } from '@jest/globals';
import { unfenced } from '../src/workflow/run/agent/unfenced.js';

describe('the JSON of an answer', () => {
  it.each([
    '```json\n{"n": 1}\n```',
    '```\n{"n": 1}\n```',
    ' \n```json \r\n\n {"n": 1}```\n\n',
    '```\n\n\n{"n": 1}\n\n```',
  ])('is taken out of its fence: %j', (text) => {
    expect(unfenced(text)).toBe('{"n": 1}');
  });

  it.each([
    '{"n": 1}',
    '```',
    '```\n',
    '```json',
    '```yaml\nn: 1\n```',
    '```json\n{}',
    'Here:\n```\n{}\n```',
    '```{}```',
  ])('is the answer itself without one: %j', (text) => {
    expect(unfenced(text)).toBe(text);
  });

  it.each([
    ['an open fence', `\`\`\`json${'\n'.repeat(500_000)}{`],
    ['an open fence of spaces', `\`\`\`${' '.repeat(500_000)}{`],
    ['white space', `${' \n'.repeat(500_000)}{`],
    ['fences', '```\n'.repeat(250_000)],
    ['white space after a fence', `\`\`\`\n{}\n\`\`\`${'\n'.repeat(500_000)}.`],
  ])('is found at once in a megabyte of %s', (_, text) => {
    const began = performance.now();
    unfenced(text);
    expect(performance.now() - began).toBeLessThan(200);
  });
});
