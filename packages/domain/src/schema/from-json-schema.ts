import type { Json, JsonObject } from '../json/json.js';

type JsonLiteral =
  null | boolean | number | string | readonly JsonLiteral[] | { readonly [key: string]: JsonLiteral | undefined };
/** A JSON Schema 2020-12 written in code: its types follow from what it says. */
export type JsonSchemaLiteral = boolean | { readonly [key: string]: JsonLiteral | undefined };

/** The values a JSON Schema allows, as far as const, enum, type, properties, required, items and anyOf say it. */
export type FromJsonSchema<S> = S extends { readonly const: infer C }
  ? C
  : S extends { readonly enum: readonly (infer E)[] }
    ? E
    : S extends { readonly anyOf: readonly (infer A)[] }
      ? FromJsonSchema<A>
      : S extends { readonly type: infer T }
        ? T extends readonly (infer Each)[]
          ? OfType<Each, S>
          : OfType<T, S>
        : Json;

type OfType<T, S> = T extends 'object'
  ? ObjectOf<S>
  : T extends 'array'
    ? S extends { readonly items: infer I }
      ? FromJsonSchema<I>[]
      : Json[]
    : T extends keyof Scalars
      ? Scalars[T]
      : Json;

interface Scalars {
  string: string;
  number: number;
  integer: number;
  boolean: boolean;
  null: null;
}

type ObjectOf<S> = S extends { readonly properties: infer P }
  ? Flat<
      { -readonly [K in keyof P as K extends RequiredOf<S> ? K : never]: FromJsonSchema<P[K]> } & {
        -readonly [K in keyof P as K extends RequiredOf<S> ? never : K]?: FromJsonSchema<P[K]>;
      }
    >
  : JsonObject;

type RequiredOf<S> = S extends { readonly required: readonly (infer R)[] } ? R : never;
type Flat<T> = { [K in keyof T]: T[K] };
