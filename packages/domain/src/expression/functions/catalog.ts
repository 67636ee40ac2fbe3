import { COLLECTIONS } from './collections.js';
import { CORE } from './core.js';
import { type Overload } from './overload.js';
import { STRINGS } from './strings.js';
import { TIME } from './time.js';

const BY_NAME = new Map<string, Overload[]>();
for (const one of [...CORE, ...STRINGS, ...TIME, ...COLLECTIONS]) {
  BY_NAME.set(one.name, [...(BY_NAME.get(one.name) ?? []), one]);
}

/** The overloads a call can mean; undefined where no function has this name in this style. */
export function overloadsOf(name: string, style: 'function' | 'method'): readonly Overload[] | undefined {
  const found = BY_NAME.get(name)?.filter((one) => one.style === style || one.style === 'both');
  return found?.length ? found : undefined;
}
