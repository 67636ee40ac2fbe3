import { isStorableText, jsonSize, type Json } from '@aumos/agf-domain/runtime';

/** As many levels as the API takes: deeper ones overflow the stack of whoever writes them. */
const DEEPEST = 100;
/** Of one value in a row that people read. */
const SHOWN_BYTES = 64 * 1024;

type Holds = (leaf: unknown) => boolean;

const isStorable: Holds = (leaf) =>
  typeof leaf === 'string' ? isStorableText(leaf) : typeof leaf !== 'number' || Number.isFinite(leaf);

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value that came from outside can be passed on and stored. Works on any depth. */
export function isPlain(value: unknown, holds: Holds = isStorable): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return false;
    const next: unknown[] = [];
    for (const each of level) {
      if (!holds(each)) return false;
      if (typeof each !== 'object' || each === null) continue;
      if (!Array.isArray(each) && !Object.keys(each).every(holds)) return false;
      for (const member of Object.values(each)) next.push(member);
    }
    level = next;
  }
  return true;
}

/** For a row, which replaces what cannot be stored: only what is too large or too deep is left out. */
export function shownJson(value: unknown): Json {
  const bytes = jsonSize(value);
  return bytes <= SHOWN_BYTES && isPlain(value, () => true) ? ((value ?? null) as Json) : { truncated: true, bytes };
}
