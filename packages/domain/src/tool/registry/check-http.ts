import { compileValue } from '../../expression/compile-value.js';
import type { FieldError } from '../../errors/codes.js';
import type { Json, JsonObject } from '../../json/json.js';
import type { Value } from '../../definition/definition.js';
import type { HttpTarget, ToolDefinition } from './tool-definition.js';
import { parseUrlTemplate, UrlTemplateError } from './url-template.js';

/** Names in scope of what makes a request, and of what makes a result. */
export const REQUEST_SCOPE = ['arguments'] as const;
export const RESULT_SCOPE = ['arguments', 'response'] as const;

/** They say how a message is sent, or are the platform's. */
const NOT_SET =
  /^(?:host|content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|accept-encoding|proxy-.*|http2-settings|idempotency-key|webhook-.*|sec-.*|traceparent|tracestate)$/;
/** Their value is a secret, or it is not set. */
const SECRET = /^(?:authorization|cookie|x-api-key|api-key|x-auth-token)$/;
// eslint-disable-next-line no-control-regex
const HEADER_VALUE = /^[^\u0000-\u0008\u000a-\u001f\u007f\u0100-\uffff]*$/;

/** What a tool's request gets wrong that its structure does not show. */
export function checkHttp({
  http,
  input_schema,
  min_privilege_level,
}: Pick<ToolDefinition, 'http' | 'input_schema' | 'min_privilege_level'>): FieldError[] {
  const level = http.method !== 'GET' && min_privilege_level < 2;
  return [
    ...urlErrors(http.url, input_schema as JsonObject),
    ...Object.entries(http.query ?? {}).flatMap(([name, value]) =>
      valueErrors(`http.query.${name}`, value, REQUEST_SCOPE),
    ),
    ...Object.entries(http.headers ?? {}).flatMap(([name, value]) => headerErrors(name, value)),
    ...repeated(Object.keys(http.headers ?? {})),
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

function headerErrors(written: string, value: NonNullable<HttpTarget['headers']>[string]): FieldError[] {
  const field = `http.headers.${written}`;
  const name = written.toLowerCase();
  if (NOT_SET.test(name)) return [{ field, error: 'cannot be set' }];
  if (typeof value === 'object' && 'secret' in value)
    return HEADER_VALUE.test(value.prefix ?? '') ? [] : [{ field, error: 'has a prefix that no header may have' }];
  if (SECRET.test(name)) return [{ field, error: 'is secret: give the name of a secret, {"secret": "name"}' }];
  if (typeof value === 'object') return valueErrors(field, value, REQUEST_SCOPE);
  return HEADER_VALUE.test(value) ? [] : [{ field, error: 'has a value that no header may have' }];
}

function repeated(names: readonly string[]): FieldError[] {
  const seen = new Set<string>();
  return names.flatMap((name) => {
    const again = seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    return again ? [{ field: `http.headers.${name}`, error: 'is there twice' }] : [];
  });
}

function valueErrors(field: string, value: Value | undefined, variables: readonly string[]): FieldError[] {
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
