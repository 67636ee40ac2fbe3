import type { FunctionNode } from '@aumos/agf-domain/runtime';
import { PlanError } from '../plan/plan.js';
import type { Ran, Visit } from './visit.js';

export function runFunction({ node }: Visit<FunctionNode>): Promise<Ran> {
  throw new PlanError(`Node "${node.id}" has the type "${node.type}", which this version of the engine does not run`);
}
