import { ApiError, FORBIDDEN_KEYS, isStorableText } from '@aumos/agf-domain';

const MOST_DEPTH = 100;
/** Side by side: what refers to itself twice at each level doubles. */
const MOST_WIDTH = 1_000_000;

const invalid = (error: string): ApiError =>
  new ApiError('VALIDATION_ERROR', 'The value is not valid.', { fields: [{ field: 'value', error }] });

/**
 * Level by level, so that no depth exhausts the stack.
 * @throws ApiError VALIDATION_ERROR for what JSON does not carry unchanged (undefined, NaN, dates …), is nested too
 * deeply, has a member that could reach a prototype, or a text that no other store of the platform takes
 */
export function checkValue(value: unknown): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_DEPTH) throw invalid(`is nested more than ${String(MOST_DEPTH)} levels deep`);
    if (level.length > MOST_WIDTH) throw invalid('is too large');
    level = level.flatMap(childrenOf);
  }
}

function childrenOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return Array.from(value);
  if (typeof value === 'object' && value !== null) return membersOf(value);
  checkScalar(value);
  return [];
}

function membersOf(value: object): unknown[] {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw invalid('holds what is no JSON');
  for (const key of Object.keys(value)) {
    if (FORBIDDEN_KEYS.has(key)) throw invalid(`has a member called ${key}`);
    checkText(key);
  }
  return Object.values(value);
}

function checkScalar(value: unknown): void {
  if (typeof value === 'string') checkText(value);
  else if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw invalid('holds a number that is none');
  } else if (value !== null && typeof value !== 'boolean') throw invalid('holds what is no JSON');
}

function checkText(text: string): void {
  if (!isStorableText(text)) throw invalid('must not hold NUL or half a surrogate pair');
}
