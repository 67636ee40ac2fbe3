import type { FieldError } from '../../errors/codes.js';
import type { Json, JsonObject } from '../../json/json.js';
import { headerErrors, repeated } from './check-headers.js';
import { valueErrors } from './check-value.js';
import type { HttpToolDefinition } from './tool-definition.js';
import { REQUEST_SCOPE, RESULT_SCOPE } from './scopes.js';
import { parseUrlTemplate, UrlTemplateError } from './url-template.js';

/** What a tool's request gets wrong that its structure does not show. */
export function checkHttp({
  http,
  input_schema,
  min_privilege_level,
}: Pick<HttpToolDefinition, 'http' | 'input_schema' | 'min_privilege_level'>): FieldError[] {
  const level = http.method !== 'GET' && min_privilege_level < 2;
  return [
    ...urlErrors(http.url, input_schema as JsonObject),
    ...Object.entries(http.query ?? {}).flatMap(([name, value]) =>
      valueErrors(`http.query.${name}`, value, REQUEST_SCOPE),
    ),
    ...Object.entries(http.headers ?? {}).flatMap(([name, value]) => headerErrors('http.headers', name, value)),
    ...repeated('http.headers', Object.keys(http.headers ?? {})),
    ...(http.method === 'GET' && http.body !== undefined
      ? [{ field: 'http.body', error: 'is not sent with GET' }]
      : valueErrors('http.body', http.body, REQUEST_SCOPE)),
    ...valueErrors('http.result', http.result, RESULT_SCOPE),
    ...(level ? [{ field: 'min_privilege_level', error: 'must be at least 2 for a tool that writes' }] : []),
  ];
}

function urlErrors(url: string, { properties, required }: JsonObject): FieldError[] {
  const field = 'http.url';
  try {
    const given = Object(properties) as JsonObject;
    const needed: readonly Json[] = Array.isArray(required) ? required : [];
    return parseUrlTemplate(url).names.flatMap((name) =>
      Object.hasOwn(given, name) && needed.includes(name)
        ? []
        : [{ field, error: `{${name}} must be a property of input_schema, and required` }],
    );
  } catch (error) {
    if (error instanceof UrlTemplateError) return [{ field, error: error.message }];
    throw error;
  }
}
