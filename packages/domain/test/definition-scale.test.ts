import { describe, expect, it } from '@jest/globals';
import {
  analyseGates,
  type JsonObject,
  toLangGraph,
  toMermaid,
  validateDefinition,
  type WorkflowDefinition,
} from '../src/index.js';
import { catalog } from './definition-fixtures.js';
import { SHAPES } from './scale-shapes.js';

type Work = (definition: JsonObject) => unknown;
const of =
  (work: (definition: WorkflowDefinition) => unknown): Work =>
  (definition) =>
    work(definition as unknown as WorkflowDefinition);
const WORK: Record<string, Work> = {
  validateDefinition: (definition) => validateDefinition(definition, catalog),
  analyseGates: of((definition) => analyseGates(definition, catalog)),
  toMermaid: of(toMermaid),
  toLangGraph: of(toLangGraph),
};

/** Processor time: what shares the cores must not decide. */
const milliseconds = (work: Work, definition: JsonObject, times = 1): number => {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) work(definition);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

/**
 * How many times as long the large one takes, which is compared with as many nodes in small ones: both then leave as much
 * garbage. Where it is much, the least of some tries: everything else only adds.
 */
const growth = (work: Work, small: JsonObject, large: JsonObject): number => {
  work(small);
  let [least, most] = [Infinity, Infinity];
  for (let round = 0; round < 9 && (round < 1 || most / least > 1.2); round += 1) {
    least = Math.min(least, milliseconds(work, small, RATIO));
    most = Math.min(most, milliseconds(work, large));
  }
  return (RATIO * most) / Math.max(least, MEASURABLE);
};
const RATIO = 4;
/** Below this a single collection of garbage decides. */
const MEASURABLE = 20;

describe.each(Object.entries(WORK))('%s of 10,000 nodes', (_, work) => {
  // Four times the nodes: linear is 4, quadratic 16; what no longer fits a cache that others use too costs some more.
  it.each(Object.entries(SHAPES))('takes no more than eight times as long as of 2,500: %s', (_shape, shape) => {
    const large = shape(10_000);
    expect(JSON.stringify(large).length).toBeLessThan(1_048_576);
    const times = growth(work, shape(2_500), large);
    expect(times).toBeLessThan(8);
  });
});
