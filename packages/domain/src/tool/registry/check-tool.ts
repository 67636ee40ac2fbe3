import type { z } from 'zod';
import { compiledSchema } from '../../definition/checks/schemas.js';
import { FindingList } from '../../definition/findings.js';
import { snapshotJson } from '../../definition/snapshot.js';
import type { FieldError } from '../../errors/codes.js';
import type { Json, JsonSchema } from '../../json/json.js';
import { FORBIDDEN_KEYS, ownMember } from '../../json/own.js';
import { jsonSize } from '../../json/size.js';
import { checkHttp } from './check-http.js';
import type { ToolDefinition } from './tool-definition.js';
import { toolLanguage } from './tool-language.js';

/** Bytes of JSON: of the whole, and of each of its schemas, which every execution that may call it carries. */
const MOST_BYTES = 65_536;
const MOST_SCHEMA_BYTES = 16_384;
const MOST_ERRORS = 100;

/** Parts of the paths below `/tools`. */
const PATHS: ReadonlySet<string> = new Set(['builtin']);

export type CheckedTool = { definition: ToolDefinition } | { fields: FieldError[] };

/**
 * Everything that can be said of a tool without its tenant. Takes anything, throws nothing.
 * @param builtin names that every tenant's tools have already
 */
export function checkTool(input: unknown, builtin: ReadonlySet<string>): CheckedTool {
  const findings = new FindingList();
  const copy = snapshotJson(input, findings);
  const hostile = findings.toArray().map(({ pointer = '', message }) => ({ field: fieldOf(pointer), error: message }));
  if (copy === undefined || hostile.length > 0) return { fields: hostile.slice(0, MOST_ERRORS) };
  if (jsonSize(copy) > MOST_BYTES) return { fields: [{ field: '', error: tooLarge(MOST_BYTES) }] };
  const parsed = toolLanguage.safeParse(copy, { jitless: true });
  if (!parsed.success)
    return { fields: parsed.error.issues.flatMap((issue) => told(issue, copy)).slice(0, MOST_ERRORS) };
  const definition = copy as unknown as ToolDefinition;
  const fields = [
    ...nameErrors(definition.name, builtin),
    ...inputErrors(definition.input_schema),
    ...schemaErrors('output_schema', definition.output_schema),
    ...checkHttp(definition),
  ];
  return fields.length > 0 ? { fields: fields.slice(0, MOST_ERRORS) } : { definition };
}

const tooLarge = (most: number): string => `has more than ${String(most)} bytes`;

function nameErrors(name: string, builtin: ReadonlySet<string>): FieldError[] {
  if (builtin.has(name)) return [{ field: 'name', error: 'is that of a built-in tool' }];
  const reserved = PATHS.has(name) || FORBIDDEN_KEYS.has(name) || name.startsWith('agf_');
  return reserved ? [{ field: 'name', error: 'is reserved' }] : [];
}

function inputErrors(schema: JsonSchema): FieldError[] {
  const field = 'input_schema';
  if (typeof schema === 'object' && schema['type'] !== 'object') return [{ field, error: 'must be of type object' }];
  return schemaErrors(field, schema);
}

function schemaErrors(field: string, schema: JsonSchema): FieldError[] {
  if (jsonSize(schema) > MOST_SCHEMA_BYTES) return [{ field, error: tooLarge(MOST_SCHEMA_BYTES) }];
  const compiled = compiledSchema(schema);
  return 'problem' in compiled ? [{ field, error: compiled.problem }] : [];
}

function told(issue: z.core.$ZodIssue, input: Json): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ field: [...path, key].join('.'), error: 'must not be there' }));
  const field = path.join('.');
  if (valueAt(input, path) === undefined) return [{ field, error: 'is required' }];
  return [{ field, error: issue.code === 'invalid_key' ? 'has a name that is none' : issue.message }];
}

const valueAt = (input: Json, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (value, part) =>
      typeof value === 'object' && value !== null ? ownMember(value as { [key: string]: Json }, part) : undefined,
    input,
  );

/** `/http/headers/a~1b` as `http.headers.a/b`. */
const fieldOf = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
