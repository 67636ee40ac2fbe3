import { ApiError } from '@aumos/agf-domain';

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
/** Deeper bodies would exhaust the stack of whoever walks them. */
export const MAX_JSON_DEPTH = 100;

const invalid = (message: string): ApiError => new ApiError('VALIDATION_ERROR', message);

/**
 * Parses a body.
 * @param anyValue for routes that take any JSON value, not an object only
 * @throws ApiError VALIDATION_ERROR where it is no JSON object, is nested too deeply, has a key that could reach a
 * prototype, a text that is no Unicode (half of a pair) or a number beyond doubles: none of them can be stored or hashed
 */
export function parseCheckedJson(text: string, anyValue = false): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('The body is not valid JSON.');
  }
  if (!anyValue && (typeof value !== 'object' || value === null || Array.isArray(value)))
    throw invalid('The body must be a JSON object.');
  check([value]);
  return value;
}

/** Without recursion: the depth is what is being checked. */
function check(root: unknown): void {
  let level: unknown[] = [root];
  for (let depth = -1; level.length > 0; depth++) {
    if (depth > MAX_JSON_DEPTH) throw invalid(`The body is nested more than ${MAX_JSON_DEPTH} levels deep.`);
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      if (!Array.isArray(value)) checkKeys(value);
      for (const child of Object.values(value)) {
        if (typeof child === 'object' && child !== null) next.push(child);
        else checkScalar(child);
      }
    }
    level = next;
  }
}

const HALF_OF_A_PAIR = /\p{Surrogate}/u;

function checkText(text: string): void {
  if (HALF_OF_A_PAIR.test(text)) throw invalid('The body has a text that is not well-formed Unicode.');
}

function checkScalar(value: unknown): void {
  if (typeof value === 'string') checkText(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw invalid('The body has a number that is too large.');
}

function checkKeys(value: object): void {
  // JSON.parse makes `__proto__` an own key: Object.keys sees it.
  const keys = Object.keys(value);
  const found = keys.find((key) => FORBIDDEN_KEYS.has(key));
  if (found !== undefined) throw invalid(`The key ${found} is not allowed.`);
  keys.forEach(checkText);
}
