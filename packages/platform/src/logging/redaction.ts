import { errorFields } from './error-fields.js';

const MASK = '[redacted]';
const KEY =
  '(?:proxy-)?authorization|(?:set-)?cookies?|x-api-key|[\\w-]{0,40}(?:password|passwd|passphrase|secret|credentials?|api[_-]?key|private[_-]?key|secrets[_-]?key|token)';

/** A member whose value is never logged, whatever it holds. */
const SECRET_KEY = new RegExp(`^(?:${KEY}|databaseUrl|redisUrl|\\w+DatabaseUrl)$`, 'i');

/** Each is linear: a log line may hold what a caller sent. In a line of JSON, and in the text of messages. What matches is replaced so that the line stays JSON. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // "password":"…"
  [new RegExp(`("(?:${KEY})"\\s*:\\s*")(?:[^"\\\\]|\\\\.)*(")`, 'gi'), `$1${MASK}$2`],
  // \"password\":\"…\" inside of a text, at any depth of escaping
  [new RegExp(`(\\\\+)"(${KEY})\\1"\\s*:\\s*\\1"(?:(?!(?<!\\\\)\\1").)*`, 'gi'), `$1"$2$1":$1"${MASK}`],
  // password=… in connection strings and queries
  [new RegExp(`\\b((?:${KEY})\\s*=\\s*)[^\\s"'\\\\,;&}]+`, 'gi'), `$1${MASK}`],
  // scheme://user:password@host
  [/([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s"'\\/@:]*:[^\s"'\\@]{0,500}@/gi, `$1${MASK}@`],
  [/\b(bearer|basic)(\s+)[A-Za-z0-9._~+/-]{8,}=*/gi, `$1$2${MASK}`],
  // a JSON Web Token, with or without its signature
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*)*/g, MASK],
];

/**
 * Makes the function through which every line goes, last of all, before it is written.
 * @param known texts that are secrets of this process (settings), replaced wherever they occur
 */
export function scrubber(known: readonly string[]): (line: string) => string {
  const texts = known.flatMap((text) => [...new Set([text, JSON.stringify(text).slice(1, -1)])]);
  return (line) => {
    let clean = line;
    for (const text of texts) clean = clean.replaceAll(text, MASK);
    for (const [pattern, by] of PATTERNS) clean = clean.replace(pattern, by);
    return clean;
  };
}

const DEPTH = 8;

/** The logged object without the values of members that hold secrets by their name. Of errors only what is allowed. */
export function withoutSecrets(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return withoutSecrets(errorFields(value), depth);
  if (depth > DEPTH) return '[…]';
  if (Array.isArray(value)) return value.map((each) => withoutSecrets(each, depth + 1));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  // Dates, URLs and such say themselves how they are written.
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, SECRET_KEY.test(key) ? MASK : withoutSecrets(each, depth + 1)]),
  );
}
