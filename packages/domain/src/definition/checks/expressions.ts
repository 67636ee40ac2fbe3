import { ExpressionCompileError } from '../../expression/errors.js';
import { compileExpression } from '../../expression/compile-expression.js';
import { IMPLICIT_CHANNELS } from '../channels.js';
import { shown } from '../findings.js';
import { type ExpressionPlace, expressionsOf } from '../places.js';
import { stateReferences } from '../state-references.js';
import type { CheckContext } from './context.js';

/** Every expression compiles, has the type its place asks for and names only channels that exist. */
export const checkExpressions = ({ draft, findings }: CheckContext): void => {
  for (const place of expressionsOf(draft)) {
    if (typeof place.source !== 'string') continue;
    const { source, node, edge, pointer } = place;
    const problem = problemOf(source, place);
    if (problem !== undefined) {
      findings.error({ rule: 'EXPRESSION_INVALID', message: `${problem}: ${shown(source)}`, node, edge, pointer });
      continue;
    }
    for (const channel of stateReferences(source)) {
      if (draft.channels.has(channel) || IMPLICIT_CHANNELS.has(channel)) continue;
      const message = `the expression names channel ${shown(channel)}, which state does not declare`;
      findings.error({ rule: 'UNKNOWN_CHANNEL', message, node, edge, pointer, hint: 'declare it in state' });
    }
  }
};

const problemOf = (source: string, { variables, expect }: ExpressionPlace): string | undefined => {
  try {
    compileExpression(source, { variables, expect });
    return undefined;
  } catch (error) {
    if (!(error instanceof ExpressionCompileError)) return 'the expression is too complex';
    return error.position === undefined ? error.message : `${error.message} (at character ${error.position + 1})`;
  }
};
