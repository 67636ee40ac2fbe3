import { describe, expect, it } from '@jest/globals';
import { raisedLevels, type ToolSpec } from '../src/index.js';

const spec = (name: string, min_privilege_level: ToolSpec['min_privilege_level']): ToolSpec => ({
  ...{ name, version: 1, description: name, category: 'data', input_schema: true, output_schema: true },
  ...{ min_privilege_level, idempotent: true, timeout_seconds: 1 },
});

describe('the level of a tool', () => {
  it('is the higher one of now and when the workflow was published', () => {
    const now = { raised: spec('raised', 4), lowered: spec('lowered', 1), fresh: spec('fresh', 2) };
    const levels = raisedLevels(now, { raised: 2, lowered: 3, gone: 5 });
    expect(Object.entries(levels).map(([name, each]) => [name, each.min_privilege_level])).toEqual([
      ['raised', 4],
      ['lowered', 3],
      ['fresh', 2],
    ]);
    expect(raisedLevels(now, {})).toEqual(now);
  });
});
