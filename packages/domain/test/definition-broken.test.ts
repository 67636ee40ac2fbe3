import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  analyseGates,
  type Finding,
  mergePublication,
  parseDefinition,
  toLangGraph,
  toMermaid,
  validateDefinition,
} from '../src/index.js';
import { FAMILIES, LARGE } from './broken-definitions.js';
import { catalog } from './definition-fixtures.js';

const DEFINITIONS = 1_000;
/** Of families whose definitions are large. */
const FEW = 3;
const MANY = 30;
const SECOND = 1_000;

/** Bytes in use once everything that can go is gone. */
const heapUsed = (): number => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
};

/** All that a definition from outside goes through, as the gateway does it. */
const checked = (input: unknown): { findings: Finding[]; milliseconds: number } => {
  const before = process.cpuUsage();
  const merged = mergePublication({ graph_definition: input });
  const { definition, findings } = validateDefinition(merged.definition, catalog);
  const sound = definition ?? parseDefinition(merged.definition).definition;
  if (sound !== undefined) {
    analyseGates(sound, catalog);
    toMermaid(sound);
    toLangGraph(sound);
  }
  // Processor time: what shares the cores must not decide.
  const { user, system } = process.cpuUsage(before);
  return { findings: [...merged.findings, ...findings], milliseconds: (user + system) / 1000 };
};

describe('a thousand broken definitions', () => {
  const families = Object.entries(FAMILIES);
  let counted = 0;
  let baseline: number | undefined;

  it.each(families)('get their findings, each within a second: %s', (name, family) => {
    for (const input of fc.sample(family, { numRuns: LARGE.has(name) ? FEW : MANY, seed: 2_026 })) {
      const { findings, milliseconds } = checked(input);
      counted += 1;
      expect({ name, slow: milliseconds > SECOND ? milliseconds : false }).toEqual({ name, slow: false });
      expect(findings.some(({ severity }) => severity === 'error')).toBe(true);
      expect(findings.every(({ rule, message, hint }) => rule && message && hint)).toBe(true);
    }
    // Caches of pure functions fill up at first: they are bounded.
    baseline ??= heapUsed();
  });

  it('were a thousand, and what they took is given back', () => {
    expect(counted).toBeGreaterThanOrEqual(DEFINITIONS);
    const after = heapUsed();
    // Another lot of each family takes nothing more.
    for (const [, family] of families) for (const input of fc.sample(family, { numRuns: 2, seed: 7 })) checked(input);
    expect(heapUsed() - after).toBeLessThan(16 * 1024 * 1024);
    expect(after - (baseline ?? 0)).toBeLessThan(64 * 1024 * 1024);
  });

  it('left the prototypes alone', () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Object.getOwnPropertyNames({})).toEqual([]);
  });
});
