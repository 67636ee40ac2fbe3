import { ApiError, compileSchema, type Json, type JsonSchema } from '@aumos/agf-domain';

const LIMIT = 500;
const compiled = new Map<string, ReturnType<typeof compileSchema>>();

/** A version never changes, so its schema is compiled once a process. */
function schemaOf(contentHash: string, schema: JsonSchema): ReturnType<typeof compileSchema> {
  const known = compiled.get(contentHash);
  if (known) return known;
  if (compiled.size >= LIMIT) compiled.clear();
  const made = compileSchema(schema);
  compiled.set(contentHash, made);
  return made;
}

/** @param member of the body @throws ApiError VALIDATION_ERROR, a field an issue, below that member */
export function checkInput(
  contentHash: string,
  schema: JsonSchema | undefined,
  input: Json,
  member = 'input_data',
): void {
  if (schema === undefined) return;
  const issues = schemaOf(contentHash, schema).check(input);
  if (issues.length === 0) return;
  throw new ApiError('VALIDATION_ERROR', "The input does not fit the definition's schema.", {
    fields: issues.map(({ pointer, message }) => ({
      field: [member, ...pointer.split('/').slice(1)].join('.'),
      error: message,
    })),
  });
}
