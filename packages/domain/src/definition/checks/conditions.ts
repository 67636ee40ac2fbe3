import { shown } from '../findings.js';
import type { CheckContext } from './context.js';

/** None true and no otherwise is NO_EDGE_MATCHED. */
export const warnOfMissingOtherwise = ({ draft, flow, findings }: CheckContext): void => {
  const seen = new Set<string>();
  for (const [edge, { value, pointer }] of draft.edges.entries()) {
    if (value?.condition === undefined || typeof value.source !== 'string' || seen.has(value.source)) continue;
    seen.add(value.source);
    if (flow.firings.get(value.source)?.hasOtherwise !== false) continue;
    const message = `${shown(value.source)} has conditions but no otherwise: if none is true it fails with NO_EDGE_MATCHED`;
    const hint = 'add an edge with "otherwise": true';
    findings.warn({ rule: 'MISSING_OTHERWISE', message, node: value.source, edge, pointer, hint });
  }
};
