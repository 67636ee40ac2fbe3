import type { Draft } from '../draft.js';
import type { FindingList } from '../findings.js';
import { DEFINITION_LIMITS } from '../limits.js';
import { expressionsOf } from '../places.js';
import { utf8Length } from '../snapshot.js';

/** Expressions are texts of at most 4 KiB; whether they compile is the semantic check's. */
export const checkExpressionTexts = (draft: Draft, findings: FindingList): void => {
  for (const { source, pointer, node, edge } of expressionsOf(draft)) {
    const place = { node, edge, pointer };
    if (typeof source !== 'string') {
      const message = 'an object whose only member is cel is an expression: cel must be a text';
      findings.error({ ...place, rule: 'WRONG_TYPE', message });
    } else if (utf8Length(source) > DEFINITION_LIMITS.expressionBytes) {
      const message = `an expression has at most ${DEFINITION_LIMITS.expressionBytes} bytes`;
      findings.error({
        ...place,
        rule: 'EXPRESSION_TOO_LONG',
        message,
        hint: 'compute parts of it in transform nodes',
      });
    }
  }
};
