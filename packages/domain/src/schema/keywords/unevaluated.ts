import { ownMember } from '../../json/own.js';
import { apply, every } from '../apply.js';
import { below } from '../place.js';
import { isObject, type Keyword } from '../schema-node.js';

const unevaluatedItems: Keyword = (schema, builder) => {
  const rest = ownMember(schema, 'unevaluatedItems');
  if (rest === undefined) return undefined;
  const node = builder.child(rest, 'unevaluatedItems');
  return (value, place, run, seen) => {
    if (!Array.isArray(value)) return true;
    const holds = every(value, (item, i) => seen.hasItem(i) || apply(node, item, below(place, i), run));
    seen.items(value.length);
    return holds;
  };
};

const unevaluatedProperties: Keyword = (schema, builder) => {
  const rest = ownMember(schema, 'unevaluatedProperties');
  if (rest === undefined) return undefined;
  const node = builder.child(rest, 'unevaluatedProperties');
  return (value, place, run, seen) => {
    if (!isObject(value)) return true;
    return every(Object.keys(value), (key) => {
      if (seen.hasMember(key)) return true;
      seen.member(key);
      return apply(node, value[key] ?? null, below(place, key), run);
    });
  };
};

/** They come last: they look at what all others have left. */
export const UNEVALUATED: readonly Keyword[] = [unevaluatedItems, unevaluatedProperties];
