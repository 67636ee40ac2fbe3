import { ownMember } from '../../json/own.js';
import { sortedJson } from '../../json/sorted-json.js';
import { apply, every } from '../apply.js';
import { below } from '../place.js';
import { type Keyword } from '../schema-node.js';
import { readCount, readFlag, readList } from './read.js';

const count =
  (keyword: string, holds: (count: number, limit: number) => boolean, words: string): Keyword =>
  (schema, builder) => {
    const limit = readCount(schema, keyword, builder);
    if (limit === undefined) return undefined;
    return (value, place, run) =>
      !Array.isArray(value) || holds(value.length, limit) || run.fail(place, `must have at ${words} ${limit} items`);
  };

const uniqueItems: Keyword = (schema, builder) => {
  if (readFlag(schema, 'uniqueItems', builder) !== true) return undefined;
  return (value, place, run) => {
    if (!Array.isArray(value)) return true;
    const known = new Set<string>();
    return every(value, (item, index) => {
      const text = sortedJson(item);
      run.charge(1);
      run.chargeText(text.length);
      if (known.has(text)) return run.fail(below(place, index), 'is there twice');
      known.add(text);
      return true;
    });
  };
};

const prefixItems: Keyword = (schema, builder) => {
  const schemas = readList(schema, 'prefixItems', builder);
  if (schemas === undefined) return undefined;
  const nodes = schemas.map((item, i) => builder.child(item, 'prefixItems', i));
  return (value, place, run, seen) => {
    if (!Array.isArray(value)) return true;
    seen.items(Math.min(nodes.length, value.length));
    return every(nodes.slice(0, value.length), (node, i) => apply(node, value[i] ?? null, below(place, i), run));
  };
};

const items: Keyword = (schema, builder) => {
  const rest = ownMember(schema, 'items');
  if (rest === undefined) return undefined;
  const node = builder.child(rest, 'items');
  const from = readList(schema, 'prefixItems', builder)?.length ?? 0;
  return (value, place, run, seen) => {
    if (!Array.isArray(value)) return true;
    if (value.length > from) seen.items(value.length);
    return every(value, (item, i) => i < from || apply(node, item, below(place, i), run));
  };
};

const contains: Keyword = (schema, builder) => {
  const wanted = ownMember(schema, 'contains');
  const least = readCount(schema, 'minContains', builder) ?? 1;
  const most = readCount(schema, 'maxContains', builder) ?? Infinity;
  if (wanted === undefined) return undefined;
  const node = builder.child(wanted, 'contains');
  return (value, place, run, seen) => {
    if (!Array.isArray(value)) return true;
    let found = 0;
    value.forEach((item, i) => {
      if (!run.quietly(() => apply(node, item, below(place, i), run))) return;
      found++;
      seen.item(i);
    });
    if (found < least) return run.fail(place, `must contain at least ${least} items of a kind, contains ${found}`);
    return found <= most || run.fail(place, `must contain at most ${most} items of a kind, contains ${found}`);
  };
};

export const ARRAY: readonly Keyword[] = [
  count('maxItems', (actual, limit) => actual <= limit, 'most'),
  count('minItems', (actual, limit) => actual >= limit, 'least'),
  uniqueItems,
  prefixItems,
  items,
  contains,
];
