import { compileSchema, type Json, type JsonSchema } from '@aumos/agf-domain/runtime';
import { HandlerError } from './handler-error.js';
import { jsonOf } from './json-of.js';
import type { HandlerSchema } from './schema-types.js';
import type { StandardIssue, StandardSchema } from './standard-schema.js';

/** The value as its schema makes it. @throws HandlerError */
export type Check<T> = (value: unknown) => Promise<T> | T;

const isStandard = (schema: HandlerSchema): schema is StandardSchema =>
  typeof schema === 'object' && '~standard' in schema;

/** Of what comes. @throws InvalidSchemaError when the schema itself is wrong */
export function argumentsCheck(schema: HandlerSchema | undefined): Check<unknown> {
  return checkOf(schema, 'INVALID_ARGUMENTS', 'The handler does not take these arguments');
}

/** Of what goes: always JSON. @throws InvalidSchemaError when the schema itself is wrong */
export function resultCheck(schema: HandlerSchema | undefined): Check<Json> {
  const check = checkOf(schema, 'INVALID_RESULT', 'The result is not what the handler promises');
  if (schema !== undefined && isStandard(schema)) return async (value) => jsonOf(await check(value));
  return (value) => check(jsonOf(value)) as Json;
}

function checkOf(schema: HandlerSchema | undefined, code: string, text: string): Check<unknown> {
  if (schema === undefined) return (value) => value;
  const refuse = (issue: string): never => {
    throw new HandlerError(code, `${text}: ${issue}`);
  };
  if (isStandard(schema))
    return async (value) => {
      const checked = await schema['~standard'].validate(value);
      return checked.issues ? refuse(checked.issues.slice(0, 3).map(described).join('; ')) : checked.value;
    };
  const compiled = compileSchema(schema as JsonSchema);
  return (value) => {
    const issues = compiled.check(value as Json);
    if (issues.length === 0) return value;
    return refuse(
      issues
        .map(({ pointer, message }) => `${pointer || '/'} ${message}`)
        .slice(0, 3)
        .join('; '),
    );
  };
}

const described = ({ path = [], message }: StandardIssue): string =>
  `/${path.map((part) => String(typeof part === 'object' ? part.key : part)).join('/')} ${message}`;
