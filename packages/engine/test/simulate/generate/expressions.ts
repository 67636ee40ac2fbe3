import type { Json } from '@aumos/agf-domain';
import type { Tape } from './tape.js';

/** What the types let pass and some states do not. */
const wrong = (tape: Tape): boolean => tape.chance(2);
const at = (cel: string): Json => ({ cel });

/** Of an edge; some have no value in some states. */
export function condition(tape: Tape, ids: readonly string[]): string {
  const id = ids[tape.below(ids.length)] ?? '';
  const bound = String(1 + tape.below(5));
  if (wrong(tape)) return 'state.facts.k > 0';
  return tape.pick([
    `state.n < ${bound}`,
    'true',
    `state.n % 2 == 0`,
    'input.flag',
    `size(state.trail) < ${bound}`,
    `'${id}' in state.trail`,
    'state.error == null',
    `state.error != null && state.error.code == "FLAKY"`,
    `state.both == null`,
    'false',
    `state.n < ${bound}`,
    `'${id}' in state.seen`,
    `size(state.trail) > ${bound}`,
  ]);
}

/** Of a for-each edge. */
export const list = (tape: Tape): string =>
  wrong(tape)
    ? tape.pick(['input.text', 'state.facts.list'])
    : tape.pick(['[1, 2, 3]', 'input.items', '["a", "b"]', 'state.seen', '[]']);

const number = (tape: Tape, fanned: boolean): Json =>
  tape.pick<Json>([1, at('size(state.trail)'), fanned ? at('index + 1') : 2, at('state.n + 1'), -1, at('input.depth')]);

/** What a node writes to a channel. */
export function write(tape: Tape, channel: string, node: string, fanned: boolean): Json {
  if (wrong(tape)) return tape.pick<Json>([at('input.text'), at('state.facts.k'), 7, null]);
  switch (channel) {
    case 'n':
      return tape.pick<Json>([1, 1, at('input.depth'), number(tape, fanned)]);
    case 'trail':
      return tape.pick<Json>([[node], node, fanned ? [node, at('string(index)')] : [node]]);
    case 'seen':
      return tape.pick<Json>([[node], ['a', 'b'], fanned ? at('item') : node, [1, [1], { k: 1 }]]);
    case 'low':
    case 'high':
      return number(tape, fanned);
    case 'facts':
      return tape.pick<Json>([{ [node]: number(tape, fanned) }, at('{"k": state.n}'), { list: [1, 2] }]);
    default:
      return tape.pick<Json>([at('state.n'), node, number(tape, fanned), at('input')]);
  }
}

/** The same over a tool's result. */
export function writeOfResult(tape: Tape, channel: string, node: string, fanned: boolean): string {
  if (wrong(tape)) return tape.pick(['result', 'result.missing', '1 / size(state.seen)']);
  switch (channel) {
    case 'n':
      return tape.pick(['1', 'size(state.trail)']);
    case 'trail':
      return tape.pick([`["${node}"]`, `"${node}"`]);
    case 'seen':
      return tape.pick(['[result]', 'result', fanned ? '[item]' : `"${node}"`]);
    case 'low':
    case 'high':
      return tape.pick(['size(state.trail)', fanned ? 'index' : '3']);
    case 'facts':
      return tape.pick([`{"${node}": result}`, '{"k": 1}']);
    default:
      return tape.pick(['result', 'state.n', `"${node}"`]);
  }
}
