import { type Value } from '../definition/definition.js';
import { type Json, type JsonObject } from '../json/json.js';
import { setOwn } from '../json/own.js';
import { compileExpression, type CompiledExpression } from './compile-expression.js';
import { ExpressionCompileError } from './errors.js';
import { type Scope } from './scope.js';

export interface CompiledValue {
  /** @throws ExpressionError */
  evaluate(scope: Scope): Json;
  /** the sources found, in order */
  readonly expressions: string[];
}

const MAX_DEPTH = 64;

/** The source where the value is `{cel}` and nothing else. */
export const expressionOf = (value: Json): string | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === 'cel' && typeof value.cel === 'string' ? value.cel : undefined;
};

/**
 * A literal that holds expressions at any depth (≤ 64).
 * @throws ExpressionCompileError
 */
export function compileValue(value: Value, { variables }: { variables: readonly string[] }): CompiledValue {
  const found: CompiledExpression[] = [];
  const make = build(value, variables, found, 0);
  return { evaluate: make ?? ((): Json => value), expressions: found.map(({ source }) => source) };
}

type Make = (scope: Scope) => Json;

/** Undefined where nothing below is an expression: the literal is itself. */
function build(
  value: Value,
  variables: readonly string[],
  found: CompiledExpression[],
  depth: number,
): Make | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= MAX_DEPTH) throw new ExpressionCompileError(`a value is at most ${MAX_DEPTH} levels deep`);
  const source = expressionOf(value);
  if (source !== undefined) {
    const compiled = compileExpression(source, { variables });
    found.push(compiled);
    return (scope) => compiled.evaluate(scope);
  }
  const inner = (item: Value): Make | undefined => build(item, variables, found, depth + 1);
  return Array.isArray(value) ? buildList(value, inner) : buildObject(value, inner);
}

function buildList(list: readonly Value[], inner: (item: Value) => Make | undefined): Make | undefined {
  const items = list.map(inner);
  if (items.every((item) => item === undefined)) return undefined;
  return (scope) =>
    list.map((literal, i) => {
      const make = items[i];
      return make ? make(scope) : literal;
    });
}

function buildObject(object: JsonObject, inner: (item: Value) => Make | undefined): Make | undefined {
  const members = Object.entries(object).map(([key, literal]) => ({ key, literal, make: inner(literal) }));
  if (members.every(({ make }) => make === undefined)) return undefined;
  return (scope) => {
    const made: JsonObject = {};
    for (const { key, literal, make } of members) setOwn(made, key, make ? make(scope) : literal);
    return made;
  };
}
