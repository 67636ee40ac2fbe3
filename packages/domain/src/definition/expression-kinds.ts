import { compileNode } from '../expression/compile-node.js';
import { parseCel } from '../expression/parse.js';
import * as T from '../expression/type.js';

/** What an expression can give, as far as its static type tells. */
export interface ExpressionKinds {
  number: boolean;
  text: boolean;
  timestamp: boolean;
}

/** @returns undefined where the expression does not compile, which is another check's to report */
export const expressionKinds = (source: string, variables: readonly string[]): ExpressionKinds | undefined => {
  try {
    const { mask } = compileNode(parseCel(source), {
      variables: new Set(variables),
      locals: new Map(),
      loops: 0,
      depth: 0,
    }).type;
    const can = (kind: number): boolean => (mask & kind) !== 0;
    return { number: can(T.NUMBER), text: can(T.STRING), timestamp: can(T.TIMESTAMP) };
  } catch {
    return undefined;
  }
};
