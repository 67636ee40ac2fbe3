import { compiledSchema } from '../../definition/checks/schemas.js';
import type { FieldError } from '../../errors/codes.js';
import type { JsonSchema } from '../../json/json.js';
import { jsonSize } from '../../json/size.js';
import { tooLarge } from './checked-input.js';

/** Bytes of JSON: of the whole, and of each of its schemas, which every execution that may call it carries. */
export const MOST_BYTES = 65_536;
const MOST_SCHEMA_BYTES = 16_384;

export function inputErrors(schema: JsonSchema): FieldError[] {
  const field = 'input_schema';
  if (typeof schema === 'object' && schema['type'] !== 'object') return [{ field, error: 'must be of type object' }];
  return schemaErrors(field, schema);
}

export const outputErrors = (schema: JsonSchema): FieldError[] => schemaErrors('output_schema', schema);

function schemaErrors(field: string, schema: JsonSchema): FieldError[] {
  if (jsonSize(schema) > MOST_SCHEMA_BYTES) return [{ field, error: tooLarge(MOST_SCHEMA_BYTES) }];
  const compiled = compiledSchema(schema);
  return 'problem' in compiled ? [{ field, error: compiled.problem }] : [];
}
