import { type Json } from '../../json/json.js';
import { ownMember } from '../../json/own.js';
import { sortedJson } from '../../json/sorted-json.js';
import { type CheckRun } from '../check-run.js';
import { isObject, type Keyword } from '../schema-node.js';
import { readList } from './read.js';

/** An integer is a number without fraction, however it is written: 3 and 3.0 are the same JSON number. */
const TYPES: Readonly<Record<string, (value: Json) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  integer: (value) => Number.isInteger(value),
  string: (value) => typeof value === 'string',
  array: (value) => Array.isArray(value),
  object: isObject,
};

const isTypeName = (name: Json): name is string => typeof name === 'string' && Object.hasOwn(TYPES, name);

const type: Keyword = (schema, builder) => {
  const wanted = ownMember(schema, 'type');
  if (wanted === undefined) return undefined;
  const names = Array.isArray(wanted) ? wanted : [wanted];
  if (!names.every(isTypeName)) throw builder.refuse(`type is one of ${Object.keys(TYPES).join(', ')}`, 'type');
  const tests = names.map((name) => TYPES[name] as (value: Json) => boolean);
  const message = `must be ${names.join(' or ')}`;
  return (value, place, run) => tests.some((test) => test(value)) || run.fail(place, message);
};

/** The values' one form, so that a look-up does not depend on how many there are. */
function membership(values: readonly Json[]): (value: Json, run: CheckRun) => boolean {
  const known = new Set(values.map(sortedJson));
  const compound = values.some((value) => typeof value === 'object' && value !== null);
  return (value, run) => {
    if (typeof value === 'object' && value !== null && !compound) return false;
    const text = sortedJson(value);
    run.chargeText(text.length);
    return known.has(text);
  };
}

const enumeration: Keyword = (schema, builder) => {
  const values = readList(schema, 'enum', builder);
  if (values === undefined) return undefined;
  const isIn = membership(values);
  const shown = values.length <= 10 ? `: ${values.map((value) => JSON.stringify(value)).join(', ')}` : '';
  return (value, place, run) =>
    isIn(value, run) || run.fail(place, `must be one of the ${values.length} values${shown}`);
};

const constant: Keyword = (schema) => {
  const wanted = ownMember(schema, 'const');
  if (wanted === undefined) return undefined;
  const isIn = membership([wanted]);
  return (value, place, run) => isIn(value, run) || run.fail(place, 'must be the constant of the schema');
};

export const GENERIC: readonly Keyword[] = [type, enumeration, constant];
