import { describe, expect, it } from '@jest/globals';
import { textOf } from '../src/campaign/report.js';

const REPORT = {
  title: 'Graphs',
  command: 'npm run campaign -- graphs',
  duration_ms: 125_400,
  says: 'They came to the same.',
  facts: [['graphs', '20']] as [string, string][],
  counted: 'Counted',
  counts: { joins: 7 },
  failures: [],
};

describe('the report of a campaign', () => {
  it('says when, with what and for how long it ran, and what it counted', () => {
    const text = textOf(REPORT, new Date('2026-01-02T03:04:05Z'));
    expect(text).toMatch(/^# Graphs\n\nThey came to the same\.\n\nWritten by `npm run campaign -- graphs`\.\n/);
    for (const row of [
      /\| date +\| 2026-01-02 03:04 UTC +\|/,
      /\| version +\| [0-9a-f]{7,}(-dirty)? +\|/,
      /\| duration +\| 2 min 5 s +\|/,
      /\| graphs +\| 20 +\|/,
      /\| joins +\| 7 +\|/,
    ])
      expect(text).toMatch(row);
    expect(text).not.toContain('Failures');
  });

  it('shows the first failures', () => {
    const text = textOf({ ...REPORT, failures: ['one', '2', '3', '4', '5', 'six'] }, new Date());
    expect(text).toContain('## Failures\n\n```\none\n```');
    expect(text).not.toContain('six');
  });
});
