import {
  CallerError,
  compileValue,
  type HttpTarget,
  type Json,
  type JsonObject,
  ExpressionError,
  parseUrlTemplate,
  REQUEST_SCOPE,
  type SecretReference,
  UrlTemplateError,
} from '@aumos/agf-domain';

/** A request as a call's arguments make it, before any secret is in it. */
export interface MadeRequest {
  url: string;
  /** of the tool's own server */
  host: string;
  headers: Record<string, string>;
  /** by header */
  secrets: Record<string, SecretReference>;
  body?: string;
}

type Made<T> = (args: JsonObject) => T;

/** Compiles what makes a tool's requests. @returns throws CallerError `INVALID_ARGUMENTS`, `EXPRESSION_ERROR` */
export function requestMaker(target: HttpTarget): Made<MadeRequest> {
  const template = parseUrlTemplate(target.url);
  const query = Object.entries(target.query ?? {}).map(([name, value]) => [name, evaluated(value, name)] as const);
  const all = Object.entries(target.headers ?? {});
  const open = all.flatMap(([name, value]) => (isSecret(value) ? [] : [[name, evaluated(value, name)] as const]));
  const secrets = Object.fromEntries(
    all.flatMap(([name, value]) => (isSecret(value) ? [[name.toLowerCase(), value]] : [])),
  );
  const body = target.body === undefined ? null : evaluated(target.body, 'body');
  return (args) => ({
    url: withQuery(
      fillUrl(() => template.fill(args)),
      query.flatMap(([name, make]) => parametersOf(name, make(args))),
    ),
    host: template.host,
    headers: {
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...Object.fromEntries(open.map(([name, make]) => [name.toLowerCase(), plainText(name, make(args))])),
    },
    secrets,
    ...(body ? { body: JSON.stringify(body(args)) } : {}),
  });
}

const isSecret = (value: NonNullable<HttpTarget['headers']>[string]): value is SecretReference =>
  typeof value === 'object' && 'secret' in value;

function evaluated(value: Json, what: string): Made<Json> {
  const compiled = compileValue(value, { variables: REQUEST_SCOPE });
  return (args) => {
    try {
      return compiled.evaluate({ arguments: args });
    } catch (error) {
      if (error instanceof ExpressionError) throw new CallerError(error.code, `${what}: ${error.message}`);
      throw error;
    }
  };
}

function fillUrl(fill: () => string): string {
  try {
    return fill();
  } catch (error) {
    if (error instanceof UrlTemplateError) throw refused(`the URL cannot be made: ${error.message}`);
    throw error;
  }
}

function withQuery(url: string, parameters: [string, string][]): string {
  if (parameters.length === 0) return url;
  const query = new URLSearchParams(parameters).toString();
  return `${url}${url.includes('?') ? '&' : '?'}${query}`;
}

/** Null leaves it out, a list repeats it. */
function parametersOf(name: string, value: Json): [string, string][] {
  if (value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each) => parametersOf(name, each));
  return [[name, plainText(name, value)]];
}

function plainText(name: string, value: Json): string {
  if (typeof value === 'object') throw refused(`${name} must become a text, a number or a boolean`);
  return String(value);
}

const refused = (message: string): CallerError => new CallerError('INVALID_ARGUMENTS', message);
