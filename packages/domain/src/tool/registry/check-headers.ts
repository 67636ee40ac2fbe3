import type { FieldError } from '../../errors/codes.js';
import { valueErrors } from './check-value.js';
import { REQUEST_SCOPE } from './scopes.js';
import type { SecretReference } from './tool-definition.js';

/** They say how a message is sent, or are the platform's. */
const NOT_SET =
  /^(?:host|content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|accept-encoding|proxy-.*|http2-settings|idempotency-key|webhook-.*|sec-.*|traceparent|tracestate)$/;
/** Their value is a secret, or it is not set. */
const SECRET = /^(?:authorization|cookie|x-api-key|api-key|x-auth-token)$/;
// eslint-disable-next-line no-control-regex
const HEADER_VALUE = /^[^\u0000-\u0008\u000a-\u001f\u007f\u0100-\uffff]*$/;

/** @param place of the headers, as `http.headers` */
export function headerErrors(
  place: string,
  written: string,
  value: string | { cel: string } | SecretReference,
): FieldError[] {
  const field = `${place}.${written}`;
  const name = written.toLowerCase();
  if (NOT_SET.test(name)) return [{ field, error: 'cannot be set' }];
  if (typeof value === 'object' && 'secret' in value)
    return HEADER_VALUE.test(value.prefix ?? '') ? [] : [{ field, error: 'has a prefix that no header may have' }];
  if (SECRET.test(name)) return [{ field, error: 'is secret: give the name of a secret, {"secret": "name"}' }];
  if (typeof value === 'object') return valueErrors(field, value, REQUEST_SCOPE);
  return HEADER_VALUE.test(value) ? [] : [{ field, error: 'has a value that no header may have' }];
}

/** Names that differ in nothing but their case. */
export function repeated(place: string, names: readonly string[]): FieldError[] {
  const seen = new Set<string>();
  return names.flatMap((name) => {
    const again = seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    return again ? [{ field: `${place}.${name}`, error: 'is there twice' }] : [];
  });
}
