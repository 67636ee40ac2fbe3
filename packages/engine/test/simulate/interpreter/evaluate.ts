import { compileExpression, compileValue, type Json, type Value } from '@aumos/agf-domain';

export type Scope = Record<string, Json>;

/** The expression's value; `failed` where it has none. */
export function evaluated<T>(run: () => Json, failed: () => T): Json | T {
  try {
    return run();
  } catch {
    return failed();
  }
}

export const expression = (source: string, scope: Scope): Json =>
  compileExpression(source, { variables: Object.keys(scope) }).evaluate(scope);

export const value = (source: Value, scope: Scope): Json =>
  compileValue(source, { variables: Object.keys(scope) }).evaluate(scope);
