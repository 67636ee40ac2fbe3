import { type Json, type JsonObject, type JsonSchema } from '../json/json.js';
import { type CheckRun } from './check-run.js';
import { type Place } from './place.js';
import { type InvalidSchemaError } from './schema-issue.js';
import { type Seen } from './seen.js';

/** Whether a value holds; issues and what was looked at are noted on the way. */
type Check = (value: Json, place: Place, run: CheckRun, seen: Seen) => boolean;

/** A schema of the document, once compiled. References may form cycles, so its checks come after it exists. */
export interface SchemaNode {
  readonly pointer: string;
  readonly checks: Check[];
  /** schemas that look at the same spot of the value: a cycle among these never ends */
  readonly inPlace: SchemaNode[];
}

/** What a keyword needs to compile itself. */
export interface Builder {
  /** a schema below this one, which looks at a part of the value */
  child(schema: Json | undefined, ...path: (string | number)[]): SchemaNode;
  /** a schema below this one, which looks at the same spot */
  inPlace(schema: Json | undefined, ...path: (string | number)[]): SchemaNode;
  /** a schema elsewhere in the document, which looks at the same spot */
  reference(ref: string): SchemaNode;
  refuse(message: string, keyword: string): InvalidSchemaError;
}
/** The check of one keyword, if the schema has it. */
export type Keyword = (schema: JsonObject, builder: Builder) => Check | undefined;

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isSchema = (value: Json | undefined): value is JsonSchema => typeof value === 'boolean' || isObject(value);
