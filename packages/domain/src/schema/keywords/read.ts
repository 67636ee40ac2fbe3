import { type Json, type JsonObject } from '../../json/json.js';
import { ownMember } from '../../json/own.js';
import { type Builder, isObject } from '../schema-node.js';

/** A keyword's value in the form the specification gives it; absent is undefined, another form is refused. */
type Read<V> = (schema: JsonObject, keyword: string, builder: Builder) => V | undefined;

const reader =
  <V extends Json>(what: string, is: (value: Json) => value is V): Read<V> =>
  (schema, keyword, builder) => {
    const value = ownMember(schema, keyword);
    if (value === undefined) return undefined;
    if (!is(value)) throw builder.refuse(`${keyword} must be ${what}`, keyword);
    return value;
  };

export const readNumber = reader('a number', (value): value is number => typeof value === 'number');
export const readCount = reader(
  'a whole number from 0',
  (value): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0,
);
export const readText = reader('a string', (value): value is string => typeof value === 'string');
export const readFlag = reader('true or false', (value): value is boolean => typeof value === 'boolean');
export const readList = reader('a list', (value): value is Json[] => Array.isArray(value));
export const readObject = reader('an object', isObject);
export const readNames = reader(
  'a list of strings',
  (value): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string'),
);
