import { Secret } from './secret.js';
import { type Fallback, type Setting, type SettingType, variable } from './setting.js';

interface Common<T> {
  description: string;
  /** without it, and without `optional`, the setting is required */
  default?: T;
  optional?: boolean;
  fallback?: readonly (string | Fallback)[];
}
type Given<O, T> = O extends { optional: true } ? T | undefined : T;

interface Kind<T> {
  type: SettingType;
  allowed: string;
  sensitive?: boolean;
  text?: (value: T) => string;
  parse: (raw: string) => T;
}

function make<T, O extends Common<T>>(name: string, options: O, kind: Kind<T>): Setting<Given<O, T>> {
  const value = options.default;
  return {
    name,
    type: kind.type,
    description: options.description,
    fallbacks: (options.fallback ?? []).map((each) => (typeof each === 'string' ? variable(each) : each)),
    allowed: kind.allowed,
    required: value === undefined && options.optional !== true,
    defaultText: value === undefined ? undefined : (kind.text ?? String)(value),
    defaultValue: value as Given<O, T>,
    sensitive: kind.sensitive ?? false,
    parse: kind.parse,
  };
}

function checkedNumber(raw: string, whole: boolean, allowed: string, min: number, max: number): number {
  const value = /^[+-]?\d+(\.\d+)?$/.test(raw) ? Number(raw) : NaN;
  if (Number.isNaN(value) || (whole && !Number.isSafeInteger(value)) || value < min || value > max)
    throw new Error(`expected ${allowed}`);
  return value;
}

interface Range {
  min?: number;
  max?: number;
}

function range(what: string, { min, max }: Range): string {
  if (min === undefined) return max === undefined ? what : `${what} ≤ ${max}`;
  return max === undefined ? `${what} ≥ ${min}` : `${what} from ${min} to ${max}`;
}

const numeric =
  (type: 'int' | 'number', what: string) =>
  <const O extends Common<number> & Range>(name: string, options: O): Setting<Given<O, number>> => {
    const allowed = range(what, options);
    const { min = -Infinity, max = Infinity } = options;
    const parse = (raw: string): number => checkedNumber(raw, type === 'int', allowed, min, max);
    return make<number, O>(name, options, { type, allowed, parse });
  };

const isBase64 = (text: string, bytes: number): boolean =>
  /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0 && Buffer.from(text, 'base64').length === bytes;

const TRUE = new Set(['true', '1', 'yes', 'on']);
const FALSE = new Set(['false', '0', 'no', 'off']);

/** The kinds of settings. `default` makes one optional with a value, `optional` without. */
export const setting = {
  int: numeric('int', 'a whole number'),
  number: numeric('number', 'a number'),

  string<const O extends Common<string> & { pattern?: RegExp; allowed?: string }>(
    name: string,
    options: O,
  ): Setting<Given<O, string>> {
    const allowed = options.allowed ?? 'a text';
    const parse = (raw: string): string => {
      if (options.pattern && !options.pattern.test(raw)) throw new Error(`expected ${allowed}`);
      return raw;
    };
    return make<string, O>(name, options, { type: 'string', allowed, parse });
  },

  /** An absolute URL of one of `protocols`. It may hold credentials, so it is never shown in an error. */
  url<const O extends Common<string> & { protocols: readonly string[] }>(
    name: string,
    options: O,
  ): Setting<Given<O, string>> {
    const allowed = `a URL (${options.protocols.map((each) => `${each}//`).join(', ')})`;
    const parse = (raw: string): string => {
      if (!URL.canParse(raw) || !options.protocols.includes(new URL(raw).protocol))
        throw new Error(`expected ${allowed}`);
      return raw;
    };
    return make<string, O>(name, options, { type: 'url', allowed, sensitive: true, parse });
  },

  bool<const O extends Common<boolean>>(name: string, options: O): Setting<Given<O, boolean>> {
    const parse = (raw: string): boolean => {
      const text = raw.toLowerCase();
      if (!TRUE.has(text) && !FALSE.has(text)) throw new Error('expected true or false');
      return TRUE.has(text);
    };
    return make<boolean, O>(name, options, { type: 'bool', allowed: 'true or false', parse });
  },

  enum<const V extends string, const O extends Common<V> & { values: readonly V[] }>(
    name: string,
    options: O & { values: readonly V[] },
  ): Setting<Given<O, V>> {
    const allowed = `one of ${options.values.join(', ')}`;
    const parse = (raw: string): V => {
      const found = options.values.find((each) => each === raw.toLowerCase());
      if (found === undefined) throw new Error(`expected ${allowed}`);
      return found;
    };
    return make<V, O>(name, options, { type: 'enum', allowed, parse });
  },

  /** A value that is only given by `Secret.reveal()`. `bytes`: base64 of exactly so many; `several`: parted by commas. */
  secret<const O extends Common<Secret> & { bytes?: number; several?: boolean }>(
    name: string,
    options: O,
  ): Setting<Given<O, Secret>> {
    const { bytes, several = false } = options;
    const one = bytes === undefined ? 'a text' : `base64 of ${bytes} bytes`;
    const allowed = several ? `${one}, or several parted by commas` : one;
    const parse = (raw: string): Secret => {
      const each = several ? raw.split(',').map((part) => part.trim()) : [raw];
      if (bytes !== undefined && !each.every((part) => isBase64(part, bytes))) throw new Error(`expected ${allowed}`);
      return new Secret(each.join(','));
    };
    return make<Secret, O>(name, options, { type: 'secret', allowed, sensitive: true, parse });
  },

  /** Texts parted by commas, at least one. */
  list<const O extends Common<readonly string[]> & { pattern?: RegExp; allowed?: string }>(
    name: string,
    options: O,
  ): Setting<Given<O, readonly string[]>> {
    const allowed = options.allowed ?? 'texts parted by commas';
    const parse = (raw: string): readonly string[] => {
      const items = raw
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== '');
      if (items.length === 0 || items.some((each) => options.pattern && !options.pattern.test(each)))
        throw new Error(`expected ${allowed}`);
      return Object.freeze(items);
    };
    return make<readonly string[], O>(name, options, {
      type: 'list',
      allowed,
      text: (value) => value.join(','),
      parse,
    });
  },
};
