import type { Json } from '../../json/json.js';

/** Any text as a TypeScript string literal. */
export const literal = (text: string): string => (/^[\w .:-]*$/.test(text) ? `'${text}'` : jsonText(text));

/** Any JSON as a TypeScript expression. JSON's line separators and `__proto__` mean something else there. */
export const jsonText = (value: Json): string =>
  JSON.stringify(value)
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
    .replaceAll('"__proto__":', '["__proto__"]:');

/** A member's name in an object literal. */
export const memberName = (name: string): string =>
  /^[A-Za-z]\w*$/.test(name) ? name : name === '__proto__' ? `[${literal(name)}]` : literal(name);

/** Any text as the rest of a line comment. */
export const commented = (text: string): string => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ').slice(0, 200);

/** A name that is not taken yet; it is then. */
export const freeName = (wanted: string, taken: Set<string>): string => {
  let name = wanted;
  while (taken.has(name)) name = `${name}_`;
  taken.add(name);
  return name;
};
