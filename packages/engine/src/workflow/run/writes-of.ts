import type { Json, JsonObject } from '@aumos/agf-domain/runtime';
import type { VisitWrites } from '../plan/step.js';
import type { Visit } from './visit.js';

/** What a visit's result writes: a transform its members, others what `output` and `outputs` name. @throws ExpressionError */
export function writesOf(visit: Visit, result: Json): VisitWrites {
  const { node, planned, scope } = visit;
  if (node.type === 'transform') return Object.entries(result as JsonObject);
  const output = 'output' in node ? node.output : undefined;
  const writes: VisitWrites = output === undefined ? [] : [[output, result]];
  for (const [channel, expression] of planned.outputs)
    writes.push([channel, expression().evaluate({ ...scope, result })]);
  return writes;
}
