import {
  compileExpression,
  compileValue,
  type CompiledExpression,
  type Json,
  type Value,
} from '@aumos/agf-domain/runtime';

export interface Evaluable {
  evaluate(scope: Record<string, Json>): Json;
}

/** Made at first use: a graph's start and each replay compile only what they reach. */
const lazy = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

export const lazyExpression = (
  source: string,
  variables: readonly string[],
  expect: 'bool' | 'list' | 'any',
): (() => CompiledExpression) => lazy(() => compileExpression(source, { variables, expect }));

export const lazyValue = (value: Value, variables: readonly string[]): (() => Evaluable) =>
  lazy(() => compileValue(value, { variables }));

/** Each member a value of its own: a channel may be called `cel`. All see the same scope. */
export const lazyMembers = (members: Record<string, Value>, variables: readonly string[]): (() => Evaluable) =>
  lazy(() => {
    const compiled = Object.entries(members).map(
      ([name, value]) => [name, compileValue(value, { variables })] as const,
    );
    return { evaluate: (scope) => Object.fromEntries(compiled.map(([name, value]) => [name, value.evaluate(scope)])) };
  });
