import { type Scope } from './scope.js';
import { ExpressionError, ExpressionLimitError } from './errors.js';
import { type CelValue } from './value.js';

/** Steps of one evaluation: a node of the source is one, so is each piece of what is copied or compared. About 0.1 us each. */
const MAX_STEPS = 1_000_000;
/** UTF-16 units of a string, the state's own limit. */
export const MAX_TEXT = 8 * 1024 * 1024;
/** An error that `||`, `&&`, `all` or `exists` swallow costs a stack trace. */
const SWALLOWED_ERROR = 100;
/** Characters and list elements that are copied in one step. */
const CHARACTERS_A_STEP = 32;
const ELEMENTS_A_STEP = 8;

/** One evaluation: its variables, and what it has left. Deterministic: it counts work, it never looks at a clock. */
export class Evaluation {
  private left = MAX_STEPS;
  /** iteration variables, by nesting depth */
  readonly locals: CelValue[] = [];
  constructor(readonly scope: Scope) {}

  charge(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw new ExpressionLimitError('the expression takes too many steps');
  }
  /** Before a string of this length is made or read. */
  chargeText(length: number): void {
    if (length > MAX_TEXT)
      throw new ExpressionLimitError(`the expression makes a string of more than ${MAX_TEXT} characters`);
    this.charge(Math.ceil(length / CHARACTERS_A_STEP));
  }
  chargeElements(count: number): void {
    this.charge(Math.ceil(count / ELEMENTS_A_STEP));
  }
  /** An error that a construct may swallow; anything else is thrown again. */
  swallow(error: unknown): ExpressionError {
    if (!(error instanceof ExpressionError) || error instanceof ExpressionLimitError) throw error;
    this.charge(SWALLOWED_ERROR);
    return error;
  }
}

export type Run = (evaluation: Evaluation) => CelValue;
