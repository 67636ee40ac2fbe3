import { type Evaluation } from '../evaluation.js';
import { type Type } from '../type.js';
import { type CelValue } from '../value.js';

/** One signature of a function: the kinds it takes (masks), what it gives, how it is called. */
export interface Overload {
  readonly name: string;
  /** `method`: the first parameter is the receiver; `both`: either way */
  readonly style: 'function' | 'method' | 'both';
  readonly params: readonly number[];
  readonly result: number | ((args: readonly Type[]) => Type);
  run(evaluation: Evaluation, ...args: CelValue[]): CelValue;
}

/** Arguments reach `run` checked against `params`, so it may name the types it takes. */
export const overload = (
  style: Overload['style'],
  name: string,
  params: readonly number[],
  result: Overload['result'],
  run: (evaluation: Evaluation, ...args: never[]) => CelValue,
): Overload => ({ name, style, params, result, run: run });
