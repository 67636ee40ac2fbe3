import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BENCHMARKS } from '../src/benchmarks.js';
import { gateEvaluate } from '../src/gate/gate-evaluate.js';
import { UsageError } from '../src/run/options.js';
import { run } from '../src/run/run.js';

const folder = mkdtempSync(join(tmpdir(), 'agf-bench-'));
const file = join(folder, 'figures.json');
let printed: string[];

beforeEach(() => {
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** It measures: slow where much else runs. */
jest.setTimeout(180_000);

describe('a quick run', () => {
  it('measures what is named, prints it and writes the file', async () => {
    const names = ['gate.evaluate', 'breaker.chain6.c50', 'breaker.chain3.c1'];
    expect(await run([...names, '--quick', '--json', file], BENCHMARKS)).toBe(0);

    const entries = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>[];
    expect(entries.map(({ name }) => name)).toEqual(names);
    for (const entry of entries) {
      expect(entry).toEqual({
        name: expect.any(String),
        p50: expect.any(Number),
        p99: expect.any(Number),
        unit: entry['name'] === 'gate.evaluate' ? 'us' : 'ms',
        against: expect.any(String),
        against_p50: expect.any(Number),
        ratio: expect.any(Number),
        rounds: 3,
      });
      const { p50, p99, against_p50, ratio } = entry as Record<string, number>;
      expect(p50).toBeGreaterThan(0);
      expect(p99).toBeGreaterThanOrEqual(p50!);
      expect(ratio).toBeCloseTo(p50! / against_p50!, 3);
    }

    const table = printed.join('\n');
    for (const name of names) expect(table).toContain(name);
    expect(table).toMatch(/a breaker < 5 ms at p99: [\d.]+ ms \(breaker\.chain6\.c50\): (met|NOT MET)/);
  });

  it('fails when something does not run, and tells of the rest', async () => {
    const broken = { ...gateEvaluate, name: 'broken', open: () => Promise.reject(new Error('away')) };
    expect(await run(['--quick', '--json', file], [broken, gateEvaluate])).toBe(1);
    const entries = JSON.parse(readFileSync(file, 'utf8')) as { name: string }[];
    expect(entries.map(({ name }) => name)).toEqual(['gate.evaluate']);
  });

  it('fails on a missed goal only when asked to check', async () => {
    const strict = { ...gateEvaluate, goal: { kind: 'p99', most: 0 } as const };
    expect(await run(['--quick'], [strict])).toBe(0);
    expect(await run(['--quick', '--check'], [strict])).toBe(1);
  });

  it('of a name that nobody knows is refused', async () => {
    await expect(run(['gate.evaluates'], BENCHMARKS)).rejects.toThrow(UsageError);
  });
});
