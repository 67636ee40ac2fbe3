import { compiledSchema } from '../../definition/checks/schemas.js';
import type { FieldError } from '../../errors/codes.js';
import type { JsonSchema } from '../../json/json.js';
import { FORBIDDEN_KEYS } from '../../json/own.js';
import { jsonSize } from '../../json/size.js';
import { checkHttp } from './check-http.js';
import { checkedInput, tooLarge } from './checked-input.js';
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
  const checked = checkedInput(input, toolLanguage, MOST_BYTES);
  if ('fields' in checked) return checked;
  const definition = checked.value as unknown as ToolDefinition;
  const fields = [
    ...nameErrors(definition.name, builtin),
    ...inputErrors(definition.input_schema),
    ...schemaErrors('output_schema', definition.output_schema),
    ...checkHttp(definition),
  ];
  return fields.length > 0 ? { fields: fields.slice(0, MOST_ERRORS) } : { definition };
}

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
