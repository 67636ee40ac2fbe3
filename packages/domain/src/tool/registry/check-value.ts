import type { Value } from '../../definition/definition.js';
import type { FieldError } from '../../errors/codes.js';
import { compileValue } from '../../expression/compile-value.js';
import type { Json } from '../../json/json.js';

/** Of a value that may hold expressions over the variables. */
export function valueErrors(field: string, value: Value | undefined, variables: readonly string[]): FieldError[] {
  if (value === undefined) return [];
  if (namesSecret(value)) return [{ field, error: 'names a secret: only headers may' }];
  try {
    compileValue(value, { variables });
    return [];
  } catch (error) {
    return [{ field, error: error instanceof Error ? error.message : String(error) }];
  }
}

/** What is meant as a reference would be sent as it stands. */
function namesSecret(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(namesSecret);
  const names = Object.keys(value);
  const isReference =
    typeof value['secret'] === 'string' && names.every((name) => name === 'secret' || name === 'prefix');
  return isReference || Object.values(value).some(namesSecret);
}
