import canonicalize from 'canonicalize';

/** What has no canonical form: a lone surrogate, NaN, an infinity, undefined, something that is not JSON. */
export class NotCanonicalError extends Error {
  constructor(
    message: string,
    /** JSON pointer to what stopped it */
    readonly pointer: string,
  ) {
    super(`${message} at ${pointer === '' ? 'the root' : pointer}`);
    this.name = 'NotCanonicalError';
  }
}

function refuse(value: unknown, pointer: string): never {
  if (typeof value === 'number') throw new NotCanonicalError(`${value} is no JSON number`, pointer);
  if (typeof value === 'string') throw new NotCanonicalError('a lone surrogate is no Unicode text', pointer);
  throw new NotCanonicalError(`${typeof value} is no JSON value`, pointer);
}

const LONE_SURROGATE = /\p{Surrogate}/u;

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  // The constructor's name, not its identity: a value may come from another realm.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

/** Throws on the first value that RFC 8785 has no form for; `canonicalize` alone would drop some of them silently. */
function assertJson(root: unknown): void {
  const open: [unknown, string][] = [[root, '']];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, pointer] = next;
    if (value === null || typeof value === 'boolean') continue;
    if (typeof value === 'number' && Number.isFinite(value)) continue;
    if (typeof value === 'string' && !LONE_SURROGATE.test(value)) continue;
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) open.push([value[i], `${pointer}/${i}`]);
    } else if (typeof value === 'object' && isPlain(value)) {
      for (const key of Object.keys(value)) {
        if (LONE_SURROGATE.test(key)) refuse(key, pointer);
        open.push([(value as Record<string, unknown>)[key], `${pointer}/${key}`]);
      }
    } else {
      refuse(value, pointer);
    }
  }
}

/**
 * The one text of a JSON value by RFC 8785: sorted members, shortest numbers, no spaces.
 * @throws NotCanonicalError
 */
export function canonicalJson(value: unknown): string {
  assertJson(value);
  return canonicalize(value) as string;
}
