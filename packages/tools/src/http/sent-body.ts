import { CallerError, type Json, type JsonObject } from '@aumos/agf-domain';

/** A body is given as a value, or as a text of a type of its own. */
export interface BodyArguments {
  json?: Json;
  body?: string;
  content_type?: string;
}

export const BODY_ARGUMENTS: JsonObject = {
  json: { description: 'a value, sent as JSON' },
  body: { type: 'string', description: 'a text, sent as it is' },
  content_type: {
    type: 'string',
    pattern: '^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(?:;.{1,100})?$',
    description: 'of the text; default text/plain',
  },
};

/** @throws CallerError `INVALID_ARGUMENTS` when it is given twice */
export function sentBody({ json, body, content_type }: BodyArguments): { type?: string; body?: string } {
  if (json !== undefined && (body !== undefined || content_type !== undefined))
    throw new CallerError('INVALID_ARGUMENTS', 'a body is given by json, or by body and content_type');
  if (json !== undefined) return { type: 'application/json', body: JSON.stringify(json) };
  return body === undefined ? {} : { type: content_type ?? 'text/plain; charset=utf-8', body };
}
