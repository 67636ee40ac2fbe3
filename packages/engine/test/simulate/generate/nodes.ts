import type { Json, NodeDefinition, ToolNode } from '@aumos/agf-domain';
import { SHARED } from './channels.js';
import { write, writeOfResult } from './expressions.js';
import type { Tape } from './tape.js';

export interface NodePlace {
  id: string;
  /** the `replace` channel that is its own */
  own: string;
  /** visited once an item */
  fanned: boolean;
  ids: readonly string[];
  /** other workflows */
  mayCall: boolean;
}

const targets = (tape: Tape, { own, fanned }: NodePlace): string[] => {
  const rare = fanned ? [] : tape.some(['both'], 20);
  return [...new Set([...tape.some(SHARED, 30), ...(fanned ? [] : tape.some([own], 30)), ...rare])];
};

/** Mostly later nodes. */
function handlers(tape: Tape, { id, ids }: NodePlace, open: boolean): Pick<ToolNode, 'on_error' | 'on_open'> {
  const others = ids.filter((other) => other !== id);
  const later = others.filter((other) => other > id);
  const any = (): string => {
    const from = later.length > 0 && !tape.chance(25) ? later : others;
    return from[tape.below(from.length)] ?? id;
  };
  return {
    ...(tape.chance(55) ? { on_error: any() } : {}),
    ...(open && tape.chance(70) ? { on_open: tape.pick(['CONTINUE', any()]) } : {}),
  };
}

function tool(tape: Tape, place: NodePlace): NodeDefinition {
  const { id, fanned } = place;
  const names = targets(tape, place);
  const [first, ...rest] = names;
  const direct = first !== undefined && tape.chance(25);
  const twice = SHARED.some((name) => name === first) && tape.chance(20);
  const outputs = (direct && !twice ? rest : names).map((name) => [name, writeOfResult(tape, name, id, fanned)]);
  const gated = tape.chance(12);
  return {
    id,
    type: 'tool',
    tool: tape.pick(['quick', 'once', 'quick', 'quick', 'risky', 'quick', 'quick', 'quick', 'quick', 'grave']),
    arguments: {
      n: { cel: 'state.n' },
      ...(fanned ? { item: { cel: 'item' } } : {}),
      ...(tape.chance(3) ? { k: { cel: 'state.facts.k' } } : {}),
    },
    ...(direct ? { output: first } : {}),
    ...(outputs.length > 0 ? { outputs: Object.fromEntries(outputs) as Record<string, string> } : {}),
    ...(gated ? { gate: tape.pick(['ask', 'late']) } : {}),
    ...(tape.chance(6) ? { privilege_level: tape.pick([3, 4, 5] as const) } : {}),
    ...(tape.chance(25) ? { open_wait_seconds: 0.05 } : {}),
    retry: {
      initial_interval_ms: 1,
      ...(tape.chance(40) ? { max_attempts: 1 + tape.below(4) } : {}),
      ...(tape.chance(15) ? { non_retryable: ['FLAKY'] } : {}),
    },
    ...handlers(tape, place, true),
  };
}

/** A function node where a tool node could be. */
function fn(tape: Tape, place: NodePlace): NodeDefinition {
  const { type: _type, tool: _tool, ...rest } = tool(tape, place) as ToolNode;
  return { ...rest, type: 'function', handler: 'work', ...(tape.chance(40) ? { placement: 'local' } : {}) };
}

function transform(tape: Tape, place: NodePlace): NodeDefinition {
  const names = [...new Set(['trail', ...targets(tape, place)])];
  const set = names.map((name): [string, Json] => [name, write(tape, name, place.id, place.fanned)]);
  return { id: place.id, type: 'transform', set: Object.fromEntries(set), ...handlers(tape, place, false) };
}

const gate = (tape: Tape, place: NodePlace): NodeDefinition => ({
  id: place.id,
  type: 'gate',
  gate: tape.chance(20) ? 'late' : 'ask',
  payload: { n: { cel: 'state.n' } },
  outputs: { seen: '[result.status]' },
  ...handlers(tape, place, false),
});

/** Which workflow it calls, and with what, follows once that is made. */
const child = (tape: Tape, place: NodePlace): NodeDefinition => ({
  id: place.id,
  type: 'workflow',
  workflow: place.id,
  outputs: Object.fromEntries(
    targets(tape, place).map((name) => [name, writeOfResult(tape, name, place.id, place.fanned)]),
  ),
  ...(tape.chance(15) ? { gate: tape.pick(['ask', 'late']) } : {}),
  ...(tape.chance(10) ? { privilege_level: tape.pick([3, 4, 5] as const) } : {}),
  ...handlers(tape, place, false),
});

/** Short ones: real time passes in Temporal. */
const wait = (tape: Tape, place: NodePlace): NodeDefinition => ({
  id: place.id,
  type: 'wait',
  ...tape.pick<object>([
    { seconds: { cel: tape.pick(['0.01', '0', 'input.depth - 3.0']) } },
    { seconds: 0.02 },
    { until: '2020-01-01T00:00:00Z' },
    { seconds: { cel: tape.chance(20) ? 'input.text' : 'state.n * 0.001' } },
    {
      until: {
        cel: tape.chance(20) ? 'input.text' : place.mayCall ? 'execution.started_at' : '"2020-01-01T00:00:00Z"',
      },
    },
    { signal: 'early' },
    { signal: 'never', timeout_seconds: 0.02 },
  ]),
  outputs: { seen: `["${place.id}", result]` },
  ...handlers(tape, place, false),
});

const fail = (tape: Tape, place: NodePlace): NodeDefinition => ({
  id: place.id,
  type: 'fail',
  code: tape.pick(['OVER', 'CANCELLED', 'MAX_STEPS']),
  message: { cel: tape.chance(5) ? 'state.facts.k' : '"over " + string(state.n)' },
  ...handlers(tape, place, false),
});

const compensate = (_: Tape, { id }: NodePlace): NodeDefinition => ({ id, type: 'compensate' });

/** Its arguments have no value in some states, and its call fails in some worlds. */
const undoing = (
  tape: Tape,
  { id, fanned }: NodePlace,
  type: NodeDefinition['type'],
): Pick<NodeDefinition, 'compensate'> => ({
  compensate: {
    tool: tape.pick(['quick', 'once', 'quick', 'risky', 'quick', 'grave']),
    arguments: {
      of: { cel: tape.chance(4) ? 'result.missing' : type === 'gate' ? 'result.status' : 'result' },
      n: { cel: 'state.n' },
      id,
      ...(fanned ? { item: { cel: 'item' } } : {}),
    },
  },
});

export function node(tape: Tape, place: NodePlace): NodeDefinition {
  const plain = [transform, tool, fn, transform, tool, transform, transform, gate, tool] as const;
  if (place.mayCall && tape.chance(8)) {
    const calling = child(tape, place);
    return tape.chance(30) ? { ...calling, ...undoing(tape, place, 'workflow') } : calling;
  }
  const made = tape.pick([
    ...plain,
    ...plain,
    wait,
    wait,
    compensate,
    tape.chance(40) ? fail : tool,
  ] as unknown as readonly [typeof tool, ...(typeof tool)[]])(tape, place);
  return made.type !== 'fail' && made.type !== 'compensate' && tape.chance(30)
    ? { ...made, ...undoing(tape, place, made.type) }
    : made;
}
