import type { ExecutionError } from '../../errors/codes.js';
import type { Json, JsonObject } from '../../json/json.js';
import type { FromJsonSchema, JsonSchemaLiteral } from '../../schema/from-json-schema.js';
import type { Reducer } from '../definition.js';
import type { Expr } from './expr.js';

/** What a definition is known to have so far. */
export interface Shape {
  input: unknown;
  output: unknown;
  /** by channel */
  state: object;
  nodes: string;
  gates: string;
  /** nodes that `on_error` and `on_open` name */
  wanted: string;
}

export interface NothingYet {
  input: Json;
  output: Json;
  state: Record<never, never>;
  nodes: never;
  gates: never;
  wanted: never;
}

export type With<S extends Shape, Changes extends Partial<Shape>> = {
  [K in keyof Shape]: K extends keyof Changes ? Exclude<Changes[K], undefined> : S[K];
};

/** A channel's value, and what may be written to it. */
export interface Channel<Value, Write> {
  value: Value;
  write: Write;
}

declare const TYPE: unique symbol;
/** Carries a type for the compiler alone: see {@link typed}. */
export interface Typed<T> {
  readonly [TYPE]: T;
}

/** Gives a channel, or the schema of an input, a type of its own in place of that which its schema says. */
export const typed = <T>(described: Described = {}): Described & Typed<T> => described as Described & Typed<T>;
type Described = Readonly<Record<string, unknown>>;

export interface ChannelLiteral {
  readonly schema?: JsonSchemaLiteral;
  /** default `replace` */
  readonly reducer?: Reducer;
  readonly default?: unknown;
}

export type ChannelOf<C> =
  C extends Typed<infer T>
    ? Channel<T, WriteOf<ReducerOf<C>, T>>
    : Channel<ValueIn<C>, WriteOf<ReducerOf<C>, ValueIn<C>>>;

type ReducerOf<C> = C extends { readonly reducer: infer R extends Reducer } ? R : 'replace';
type ValueIn<C> = C extends { readonly schema: infer S } ? FromJsonSchema<S> : EmptyOf<ReducerOf<C>>;

type EmptyOf<R extends Reducer> = R extends 'append' | 'union'
  ? Json[]
  : R extends 'merge'
    ? JsonObject
    : R extends 'sum' | 'min' | 'max'
      ? number
      : Json;

type WriteOf<R extends Reducer, T> = R extends 'append' | 'union'
  ? T extends readonly (infer E)[]
    ? T | E
    : T
  : R extends 'merge'
    ? Partial<T>
    : R extends 'sum' | 'min' | 'max'
      ? number
      : T;

export type InputOf<I> = I extends Typed<infer T> ? T : FromJsonSchema<I>;

/** Channels that take a result: all of them where nothing is known of it. */
export type Taking<S extends Shape, Result> = Json extends Result
  ? keyof S['state'] & string
  : { [C in keyof S['state'] & string]: [Result] extends [Writes<S, C>] ? C : never }[keyof S['state'] & string];

export type Writes<S extends Shape, C extends keyof S['state']> =
  S['state'][C] extends Channel<unknown, infer W> ? W : never;

/** Variables of an expression, as `$` of the functions that write one. A channel reads as what it holds once it is written. */
export interface Names<S extends Shape> {
  readonly input: Expr<S['input']>;
  readonly state: {
    readonly [C in keyof S['state']]: S['state'][C] extends Channel<infer V, unknown> ? Expr<V> : never;
  } & { readonly error: Expr<ExecutionError> };
  readonly execution: Expr<{ id: string; workflow: string; version: number; started_at: string }>;
  readonly tenant_id: Expr<string>;
}
/** In the target of a for-each besides. */
export interface ItemNames<Item> {
  readonly item: Expr<Item>;
  readonly index: Expr<number>;
}
/** In `outputs` and `compensate` besides. */
export interface ResultNames<Result> {
  readonly result: Expr<Result>;
}
/** In a gate's condition. */
export interface GateNames<S extends Shape> extends Pick<Names<S>, 'input' | 'state'> {
  readonly privilege_level: Expr<number>;
  readonly agent: Expr<string | null>;
  readonly tool: Expr<string | null>;
  readonly node: Expr<string>;
  readonly arguments: Expr<Json>;
}
