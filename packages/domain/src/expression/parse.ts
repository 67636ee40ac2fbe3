import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js';
import { ExpressionCompileError } from './errors.js';

/** Bytes of the source's UTF-8. */
const MAX_SOURCE_BYTES = 4096;
const MAX_NESTING = 64;

// Only the parser is used: what an expression means is decided in this folder (docs/adr/0002-expressions.md).
const parser = new Environment({
  unlistedVariablesAreDyn: true,
  limits: {
    maxAstNodes: MAX_SOURCE_BYTES,
    maxDepth: MAX_NESTING,
    maxListElements: MAX_SOURCE_BYTES,
    maxMapEntries: MAX_SOURCE_BYTES,
    maxCallArguments: 32,
  },
});

/** @throws ExpressionCompileError */
export function parseCel(source: string): ASTNode {
  if (typeof source !== 'string' || source.trim() === '')
    throw new ExpressionCompileError('the expression is empty', 0);
  if (new TextEncoder().encode(source).length > MAX_SOURCE_BYTES)
    throw new ExpressionCompileError(`an expression has at most ${MAX_SOURCE_BYTES} bytes`, 0);
  try {
    return parser.parse(source).ast;
  } catch (error) {
    if (error instanceof ParseError) throw new ExpressionCompileError(error.summary, error.range?.start);
    throw new ExpressionCompileError('the expression is nested too deeply');
  }
}
