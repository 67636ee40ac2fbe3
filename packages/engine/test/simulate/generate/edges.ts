import type { EdgeDefinition } from '@aumos/agf-domain';
import { condition, list } from './expressions.js';
import type { Tape } from './tape.js';

/** A later node, or END. */
const onward = (tape: Tape, ids: readonly string[], from: number): string =>
  ids[from + 1 + tape.below(Math.max(1, Math.min(3, ids.length - from)))] ?? 'END';

function choice(tape: Tape, ids: readonly string[], from: number, source: string): EdgeDefinition[] {
  const target = tape.chance(45) ? (ids[tape.below(from + 1)] ?? 'END') : onward(tape, ids, from);
  const edges: EdgeDefinition[] = [{ source, target, condition: condition(tape, ids) }];
  if (tape.chance(20)) edges.push({ source, target: onward(tape, ids, from), condition: condition(tape, ids) });
  if (!tape.chance(12)) edges.push({ source, target: onward(tape, ids, from), otherwise: true });
  return edges;
}

function fan(tape: Tape, ids: readonly string[], from: number, source: string): EdgeDefinition[] {
  const target = onward(tape, ids, from);
  if (target === 'END') return [{ source, target }];
  const guarded = tape.chance(20);
  const edge: EdgeDefinition = {
    source,
    target,
    for_each: list(tape),
    ...(guarded ? { condition: condition(tape, ids) } : {}),
    ...(tape.chance(40) ? { max_concurrency: 1 + tape.below(3) } : {}),
    ...(tape.chance(45) ? { on_item_error: 'collect' } : {}),
  };
  return guarded ? [edge, { source, target: onward(tape, ids, from), otherwise: true }] : [edge];
}

const plain = (tape: Tape, ids: readonly string[], from: number, source: string): EdgeDefinition[] => [
  { source, target: onward(tape, ids, from) },
  ...(tape.chance(35) ? [{ source, target: onward(tape, ids, from) }] : []),
];

/** Two or three nodes, one of them perhaps with an alternative, lead into a later one. */
function join(tape: Tape, ids: readonly string[]): EdgeDefinition[] {
  if (ids.length < 3) return [];
  const last = 1 + tape.below(ids.length - 1);
  const sources = tape.some(ids.slice(0, last + 1), 60).slice(0, 4);
  if (sources.length < 2) return [];
  const grouped = sources.length > 2 && tape.chance(50);
  const source = grouped ? [sources[0] ?? '', sources.slice(1)] : sources;
  return [{ source, target: ids[last + 1] ?? 'END' }];
}

/** Two branches that meet again. */
function diamond(tape: Tape, ids: readonly string[], from: number, source: string): EdgeDefinition[] {
  const [a, b, end = 'END'] = ids.slice(from + 1);
  if (a === undefined || b === undefined) return plain(tape, ids, from, source);
  return [
    { source, target: a },
    { source, target: b },
    { source: [a, b], target: end },
  ];
}

/** Each node is left, and reached; the rest is chance. */
export function edges(tape: Tape, ids: readonly string[]): EdgeDefinition[] {
  const shapes = [plain, choice, fan, diamond, choice, plain, fan] as const;
  const found = ['START', ...ids].flatMap((source, i) => tape.pick(shapes)(tape, ids, i - 1, source));
  found.push(...(tape.chance(35) ? join(tape, ids) : []), ...(tape.chance(10) ? join(tape, ids) : []));
  const reached = new Set(found.map(({ target }) => target));
  ids.forEach((target, i) => {
    if (!reached.has(target)) found.push({ source: i === 0 ? 'START' : (ids[tape.below(i)] ?? 'START'), target });
  });
  return found;
}
