import type { Json, JsonObject } from '../../json/json.js';
import { ownMember } from '../../json/own.js';

export interface UrlTemplate {
  /** the arguments it names */
  readonly names: readonly string[];
  /** as `URL.host` has it: with its port, unless that is the scheme's */
  readonly host: string;
  /**
   * Each value is escaped, and stays in its place: host, segments and parameters are the template's.
   * @throws UrlTemplateError for a value that is no text, number or boolean, that is empty in a path, or would be a step up
   */
  fill(args: JsonObject): string;
}

export class UrlTemplateError extends Error {
  constructor(
    message: string,
    /** the argument at fault */
    readonly argument?: string,
  ) {
    super(message);
    this.name = 'UrlTemplateError';
  }
}

/** Scheme and host, path, query. Neither credentials nor a fragment; no placeholder before the path. */
const PARTS = /^(https?:\/\/[^/?#{}@\\\s]+)(\/[^?#\\\s]*)?(\?[^#\\\s]*)?$/;
const PLACEHOLDER = /\{([^{}]*)\}/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const MOST_CHARACTERS = 4_096;

/** @throws UrlTemplateError */
export function parseUrlTemplate(text: string): UrlTemplate {
  if (text.length > MOST_CHARACTERS) throw new UrlTemplateError(`has more than ${String(MOST_CHARACTERS)} characters`);
  const [, origin = '', path = '/', query = ''] = PARTS.exec(text) ?? [];
  if (origin === '')
    throw new UrlTemplateError(
      'must be an absolute http or https URL without credentials and fragment, with placeholders in its path and query only',
    );
  const names = namesIn(path + query);
  const sample = origin + path.replace(PLACEHOLDER, 'x') + query.replace(PLACEHOLDER, 'x');
  if (!URL.canParse(sample)) throw new UrlTemplateError('is no URL');
  const { host, origin: known } = new URL(sample);
  refuseOther(sample, { origin: known, path: path.replace(PLACEHOLDER, 'x') });
  const fill = (args: JsonObject): string => {
    const filledPath = path.replace(PLACEHOLDER, (_, name: string) => escaped(name, args, { mayBeEmpty: false }));
    const filledQuery = query.replace(PLACEHOLDER, (_, name: string) => escaped(name, args, { mayBeEmpty: true }));
    refuseOther(origin + filledPath + filledQuery, { origin: known, path: filledPath });
    return origin + filledPath + filledQuery;
  };
  return { names, host, fill };
}

function namesIn(text: string): string[] {
  const names = [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  for (const name of names)
    if (!NAME.test(name)) throw new UrlTemplateError(`{${name.slice(0, 64)}} names no argument`);
  if (/[{}]/.test(text.replace(PLACEHOLDER, ''))) throw new UrlTemplateError('has a brace without its other half');
  return [...new Set(names)];
}

function escaped(name: string, args: JsonObject, { mayBeEmpty }: { mayBeEmpty: boolean }): string {
  const value: Json | undefined = ownMember(args, name);
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    throw new UrlTemplateError(`${name} must be a text, a number or a boolean`, name);
  const text = String(value);
  if (text === '' && !mayBeEmpty) throw new UrlTemplateError(`${name} is empty`, name);
  try {
    return encodeURIComponent(text);
  } catch {
    throw new UrlTemplateError(`${name} holds half of a surrogate pair`, name);
  }
}

/** What a parser makes of dots, in any writing, and of signs that it escapes itself, must not be another place. */
function refuseOther(url: string, { origin, path }: { origin: string; path: string }): void {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.origin !== origin || parsed.pathname !== path)
    throw new UrlTemplateError('leads to another place than it says: it has a step up, or a sign that must be escaped');
}
