import type { JsonSchema } from '../../json/json.js';
import { compileSchema } from '../../schema/compile-schema.js';
import type { CheckContext } from './context.js';

type Compiled = ReturnType<typeof compileSchema>;

/** A schema that does not compile gives its problem: an expected case here, not an exception. */
export const compiledSchema = (schema: JsonSchema): Compiled | { problem: string } => {
  try {
    return compileSchema(schema);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
};

/** The schemas that a definition brings along. */
export const checkSchemas = ({ draft, findings }: CheckContext): void => {
  const check = (schema: JsonSchema | undefined, pointer: string, node?: string): void => {
    if (schema === undefined) return;
    const compiled = compiledSchema(schema);
    if (!('problem' in compiled)) return;
    findings.error({ rule: 'INVALID_SCHEMA', message: compiled.problem, node, pointer, hint: SCHEMA_HINT });
  };
  check(draft.input, '/input');
  for (const { value, pointer } of draft.channels.values()) check(value?.schema, `${pointer}/schema`);
  for (const { value, pointer } of draft.nodes) {
    if (value?.type === 'agent') check(value.response_schema, `${pointer}/response_schema`, value.id);
  }
};

const SCHEMA_HINT = 'JSON Schema 2020-12, local $ref only, patterns of RE2';
