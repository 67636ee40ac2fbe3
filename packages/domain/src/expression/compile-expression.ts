import { BoundedCache } from '../cache/bounded-cache.js';
import { type Json } from '../json/json.js';
import { compileNode } from './compile-node.js';
import { ExpressionCompileError, ExpressionError } from './errors.js';
import { type Code } from './compile-scope.js';
import { Evaluation } from './evaluation.js';
import { parseCel } from './parse.js';
import { type Scope } from './scope.js';
import { toJson } from './to-json.js';
import * as T from './type.js';

export interface CompiledExpression {
  readonly source: string;
  /** @throws ExpressionError (code EXPRESSION_ERROR), also where the expected type is not met */
  evaluate(scope: Scope): Json;
}

export interface CompileOptions {
  /** names the expression may use, one of {@link SCOPE} */
  variables: readonly string[];
  /** default `any` */
  expect?: 'bool' | 'list' | 'any';
}

const EXPECTED = { bool: T.BOOL, list: T.LIST, any: T.ANY } as const;
const CACHED_EXPRESSIONS = 2_000;
const cache = new BoundedCache<string, CompiledExpression>(CACHED_EXPRESSIONS);

/**
 * Compiles and type-checks CEL as the definition language has it. Pure, no I/O, no clock; bounded in steps and in size.
 * The same source and variables give the kept result.
 * @throws ExpressionCompileError
 */
export function compileExpression(source: string, { variables, expect = 'any' }: CompileOptions): CompiledExpression {
  return cache.get(`${expect}\n${variables.join()}\n${source}`, () => compile(source, variables, expect));
}

function compile(source: string, variables: readonly string[], expect: keyof typeof EXPECTED): CompiledExpression {
  const code = compileNode(parseCel(source), {
    variables: new Set(variables),
    locals: new Map(),
    loops: 0,
    depth: 0,
  });
  if ((code.type.mask & EXPECTED[expect]) === 0)
    throw new ExpressionCompileError(`expected ${expect}, got ${T.typeName(code.type.mask)}`, 0);
  return { source, evaluate: (scope) => evaluate(code, scope, expect) };
}

function evaluate(code: Code, scope: Scope, expect: keyof typeof EXPECTED): Json {
  const evaluation = new Evaluation(scope);
  try {
    const value = code.run(evaluation);
    const json = code.scoped ? (value as Json) : toJson(value, evaluation);
    if (expect === 'bool' && typeof json !== 'boolean') throw new ExpressionError('the result is not a bool');
    if (expect === 'list' && !Array.isArray(json)) throw new ExpressionError('the result is not a list');
    return json;
  } catch (error) {
    if (error instanceof ExpressionError) throw error;
    // Values nested deeper than the stack: the only way in which plain JSON makes the host throw.
    throw new ExpressionError('the expression works on values that are nested too deeply');
  }
}
