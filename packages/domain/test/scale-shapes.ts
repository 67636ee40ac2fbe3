import type { JsonObject } from '../src/index.js';

const id = (index: number): string => `n${index.toString(36)}`;
const definition = (nodes: JsonObject[], edges: JsonObject[], state: JsonObject = { x: {} }): JsonObject => ({
  schema: 'agf/workflow/v1',
  name: 'big',
  state,
  nodes,
  edges,
});
const writer = (index: number): JsonObject => ({ id: id(index), type: 'transform', set: { x: 1 } });
const wipe = (index: number): JsonObject => ({ id: id(index), type: 'tool', tool: 'wipe', arguments: {} });
const asking = (index: number): JsonObject => ({ id: id(index), type: 'gate', gate: 'g' });
const gates: JsonObject = { hitl_gates: { g: { gate_name: 'g' } } };
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const chain = (count: number): JsonObject[] =>
  range(count + 1).map((index) => ({
    source: index === 0 ? 'START' : id(index - 1),
    target: index === count ? 'END' : id(index),
  }));
/** The same numbers every time. */
const sequence = (): ((below: number) => number) => {
  let seed = 1;
  return (below) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
};
const entangled = (count: number): JsonObject[] => {
  const random = sequence();
  return range(count).flatMap((index) => [
    { source: index === 0 ? 'START' : id(random(index)), target: id(index) },
    ...(index % 3 === 0 ? [{ source: id(index), target: index % 9 === 0 ? 'END' : id(random(count)) }] : []),
  ]);
};

/** Definitions of as many nodes as are asked for, each hard for another part of the analysis. */
export const SHAPES: Record<string, (count: number) => JsonObject> = {
  'a chain of calls of level 3': (count) =>
    definition(
      range(count).map((index) => ({ id: id(index), type: 'tool', tool: 'wipe', arguments: { cel: 'input' } })),
      chain(count),
    ),
  'a chain of conditions': (count) =>
    definition(
      range(count).map((index) => ({ id: id(index), type: 'compensate' })),
      chain(count).map((edge, index) => ({ ...edge, condition: `state.x>${index}` })),
    ),
  'a chain of gates and calls': (count) => ({
    ...definition(
      range(count).map((index) => (index % 2 === 0 ? asking(index) : wipe(index))),
      chain(count),
    ),
    ...gates,
  }),
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
    const random = sequence();
    return definition(
      range(count).map((index) => ({ id: id(index), type: 'transform', set: { [`c${random(50)}`]: 1 } })),
      entangled(count),
      Object.fromEntries(range(50).map((index) => [`c${index}`, {}])),
    );
  },
  'gates and calls entangled': (count) => ({
    ...definition(
      range(count).map((index) => (index % 3 === 0 ? asking(index) : wipe(index))),
      entangled(count),
    ),
    ...gates,
  }),
};
