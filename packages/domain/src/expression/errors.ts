/** The source does not compile, or its type is not the expected one. Found at publish. */
export class ExpressionCompileError extends Error {
  constructor(
    message: string,
    /** offset in the source, in UTF-16 units */
    readonly position?: number,
  ) {
    super(message);
    this.name = 'ExpressionCompileError';
  }
}

/** An expression failed while running: an error of the node, never `false`. */
export class ExpressionError extends Error {
  readonly code = 'EXPRESSION_ERROR';
  constructor(message: string) {
    super(message);
    this.name = 'ExpressionError';
  }
}

/** The expression took too many steps or made too much: `||`, `&&` and the macros cannot swallow it. */
export class ExpressionLimitError extends ExpressionError {
  constructor(message: string) {
    super(message);
    this.name = 'ExpressionLimitError';
  }
}
