import type { Json } from '../../json/json.js';
import type { ExpressionValue } from '../definition.js';

declare const GIVES: unique symbol;

/** A type that says nothing: whatever is so typed may stand anywhere, and is checked when it runs. */
type SaysNothing<T> = Json extends T ? true : false;

/** What gives a T when it is evaluated. */
export interface Gives<T> {
  readonly [GIVES]: true extends SaysNothing<T> ? never : T;
}

interface GivesAnything {
  readonly [GIVES]: unknown;
}

/** A literal, or an expression, or a literal with expressions in it, that becomes a T. */
export type ValueOf<T> = true extends SaysNothing<T> ? AnyValue : Gives<T> | ExpressionValue | LiteralOf<T>;

type LiteralOf<T> =
  | (T extends readonly (infer E)[]
      ? readonly ValueOf<E>[]
      : T extends object
        ? { readonly [K in keyof T]: ValueOf<T[K]> }
        : T)
  | (T extends string ? { readonly signal_url: string } : never);

/** A value of which nothing is known but that it is JSON. */
export type AnyValue =
  | null
  | boolean
  | number
  | string
  | GivesAnything
  | ExpressionValue
  | readonly AnyValue[]
  | { readonly [key: string]: AnyValue | undefined };

/** What a value becomes. */
export type Given<V> =
  V extends Gives<infer T>
    ? [T] extends [never]
      ? Json
      : T
    : V extends ExpressionValue
      ? Json
      : V extends readonly (infer E)[]
        ? Given<E>[]
        : V extends object
          ? { -readonly [K in keyof V]: Given<V[K]> }
          : V;

/**
 * A CEL expression that gives a T: its members are expressions, its methods CEL's operators. A member that is called like
 * a method, or that no type names, is reached by `at('name')`. In a template string it stands for its text.
 */
export type Expr<T> = Gives<T> & Common<T> & OperatorsOf<T> & MembersOf<T>;

interface Common<T> {
  eq(other: ValueOf<T | null>): Expr<boolean>;
  ne(other: ValueOf<T | null>): Expr<boolean>;
  in(list: ValueOf<readonly T[]>): Expr<boolean>;
  /** The member is there, be it null. Of members alone. */
  present(): Expr<boolean>;
  /** The other one where this is null or a member that is not there. */
  orElse(other: ValueOf<NonNullable<T>>): Expr<NonNullable<T>>;
  /** as CEL writes it */
  text(): Expr<string>;
  /** as JSON writes it */
  json(): Expr<string>;
}

interface Ordered<T> {
  gt(other: ValueOf<T>): Expr<boolean>;
  ge(other: ValueOf<T>): Expr<boolean>;
  lt(other: ValueOf<T>): Expr<boolean>;
  le(other: ValueOf<T>): Expr<boolean>;
}

interface OfNumber extends Ordered<number> {
  plus(other: ValueOf<number>): Expr<number>;
  minus(other: ValueOf<number>): Expr<number>;
  times(other: ValueOf<number>): Expr<number>;
  dividedBy(other: ValueOf<number>): Expr<number>;
  modulo(other: ValueOf<number>): Expr<number>;
}

interface OfText extends Ordered<string> {
  plus(other: ValueOf<string>): Expr<string>;
  contains(part: ValueOf<string>): Expr<boolean>;
  startsWith(part: ValueOf<string>): Expr<boolean>;
  endsWith(part: ValueOf<string>): Expr<boolean>;
  /** RE2, anywhere in the text */
  matches(pattern: ValueOf<string>): Expr<boolean>;
  size(): Expr<number>;
}

interface OfBoolean {
  and(other: ValueOf<boolean>): Expr<boolean>;
  or(other: ValueOf<boolean>): Expr<boolean>;
  not(): Expr<boolean>;
  choose<const A, const B>(yes: A, no: B): Expr<Given<A> | Given<B>>;
}

interface OfList<E> {
  size(): Expr<number>;
  at(index: ValueOf<number>): Expr<E>;
  has(item: ValueOf<E>): Expr<boolean>;
  plus(other: ValueOf<readonly E[]>): Expr<E[]>;
  filter(which: (each: Expr<E>) => ValueOf<boolean>): Expr<E[]>;
  map<const V>(to: (each: Expr<E>) => V): Expr<Given<V>[]>;
  exists(which: (each: Expr<E>) => ValueOf<boolean>): Expr<boolean>;
  all(which: (each: Expr<E>) => ValueOf<boolean>): Expr<boolean>;
}

interface OfObject<T> {
  at<K extends keyof T & string>(key: K): Expr<Exclude<T[K], undefined>>;
}

type OfAnything = OfNumber & OfText & OfBoolean & OfList<Json> & OfObject<Record<string, Json>>;

type OperatorsOf<T> =
  true extends SaysNothing<T>
    ? OfAnything
    : [NonNullable<T>] extends [number]
      ? OfNumber
      : [NonNullable<T>] extends [string]
        ? OfText
        : [NonNullable<T>] extends [boolean]
          ? OfBoolean
          : [NonNullable<T>] extends [readonly (infer E)[]]
            ? OfList<E>
            : [NonNullable<T>] extends [object]
              ? OfObject<NonNullable<T>>
              : unknown;

/** Every method's name, whatever it is a method of: the same word is never a member. */
export type OperatorName =
  keyof Common<unknown> | keyof OfNumber | keyof OfText | keyof OfBoolean | keyof OfList<unknown> | 'at';

type MembersOf<T> =
  true extends SaysNothing<T>
    ? { readonly [key: string]: Expr<Json> }
    : [NonNullable<T>] extends [readonly unknown[]]
      ? unknown
      : [NonNullable<T>] extends [object]
        ? {
            readonly [
              K in keyof NonNullable<T> as string extends K ? never : K extends OperatorName ? never : K
            ]-?: Expr<Exclude<NonNullable<T>[K], undefined>>;
          }
        : unknown;
