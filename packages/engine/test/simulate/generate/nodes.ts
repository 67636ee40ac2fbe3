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

export function node(tape: Tape, place: NodePlace): NodeDefinition {
  if (place.mayCall && tape.chance(8)) return child(tape, place);
  const make = tape.pick([transform, tool, tool, transform, tool, transform, transform, gate]);
  return make(tape, place);
}
