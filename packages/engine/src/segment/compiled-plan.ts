import { createHash } from 'node:crypto';
import { BoundedCache } from '@aumos/agf-domain';
import type { ExecutionStart } from '../common/index.js';
import { compilePlan } from '../workflow/plan/compile-plan.js';
import type { Plan } from '../workflow/plan/plan.js';

const plans = new BoundedCache<string, Plan>(100);

/** A plan holds nothing of an execution: it is compiled once a definition, not once a segment. */
export function compiledPlan({ definition }: Pick<ExecutionStart, 'definition'>): Plan {
  const hash = createHash('sha256').update(JSON.stringify(definition)).digest('base64');
  return plans.get(hash, () => compilePlan(definition));
}
