import { describe, expect, it } from '@jest/globals';
import { type JsonObject, validateDefinition } from '../src/index.js';
import { catalog } from './definition-fixtures.js';

const id = (index: number): string => `n${index.toString(36)}`;
const definition = (nodes: JsonObject[], edges: JsonObject[], state: JsonObject = { x: {} }): JsonObject => ({
  schema: 'agf/workflow/v1',
  name: 'big',
  state,
  nodes,
  edges,
});
const writer = (index: number): JsonObject => ({ id: id(index), type: 'transform', set: { x: 1 } });
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const SHAPES: Record<string, (count: number) => JsonObject> = {
  'a chain of calls of level 3': (count) =>
    definition(
      range(count).map((index) => ({ id: id(index), type: 'tool', tool: 'wipe', arguments: { cel: 'input' } })),
      range(count + 1).map((index) => ({
        source: index === 0 ? 'START' : id(index - 1),
        target: index === count ? 'END' : id(index),
      })),
    ),
  'a chain of conditions': (count) =>
    definition(
      range(count).map((index) => ({ id: id(index), type: 'compensate' })),
      range(count + 1).map((index) => ({
        source: index === 0 ? 'START' : id(index - 1),
        target: index === count ? 'END' : id(index),
        condition: `state.x>${index}`,
      })),
    ),
  'one fan-out with a join': (count) =>
    definition(
      [...range(count - 1).map((index) => ({ id: id(index), type: 'compensate' })), writer(count - 1)],
      [
        ...range(count - 1).map((index) => ({ source: 'START', target: id(index) })),
        { source: range(count - 1).map(id), target: id(count - 1) },
        { source: id(count - 1), target: 'END' },
      ],
    ),
  'one fan-out whose branches all conflict': (count) =>
    definition(
      range(count).map(writer),
      range(count).map((index) => ({ source: 'START', target: id(index) })),
    ),
  'forks one in the other': (count) =>
    definition(
      range(count).map(writer),
      range(count).flatMap((index) => [
        { source: index < 2 ? 'START' : id(index - 1 - (index % 2)), target: id(index) },
        ...(index < count - 2 ? [] : [{ source: id(index), target: 'END' }]),
      ]),
    ),
  'everything entangled': (count) => {
    let seed = 1;
    const random = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    return definition(
      range(count).map((index) => ({ id: id(index), type: 'transform', set: { [`c${random(50)}`]: 1 } })),
      range(count).flatMap((index) => [
        { source: index === 0 ? 'START' : id(random(index)), target: id(index) },
        ...(index % 3 === 0 ? [{ source: id(index), target: index % 9 === 0 ? 'END' : id(random(count)) }] : []),
      ]),
      Object.fromEntries(range(50).map((index) => [`c${index}`, {}])),
    );
  },
};

/** Processor time, the best of five: what shares the cores must not decide. */
const milliseconds = (input: JsonObject): number =>
  Math.min(
    ...range(5).map(() => {
      const before = process.cpuUsage();
      validateDefinition(input, catalog);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    }),
  );

describe('validateDefinition of large definitions', () => {
  it.each(Object.entries(SHAPES))('is linear and below a second for %s', (_, shape) => {
    const large = shape(10_000);
    expect(JSON.stringify(large).length).toBeLessThan(1_048_576);
    const small = milliseconds(shape(2_500));
    const big = milliseconds(large);
    expect(big).toBeLessThan(1_000);
    // Four times the nodes: linear is 4, quadratic 16.
    expect(big / small).toBeLessThan(9);
  });
});
