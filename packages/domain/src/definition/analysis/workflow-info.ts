import type { PrivilegeLevel } from '../../privilege/privilege-level.js';
import type { DefinitionCatalog, WorkflowInfo } from '../catalog.js';
import { callsAndUndoing } from '../checks/needs.js';
import type { WorkflowDefinition } from '../definition.js';

/**
 * What a published workflow is to those that call it. Pure.
 * @param definition its newest version, number `latest`
 */
export const workflowInfoOf = (
  definition: WorkflowDefinition,
  latest: number,
  catalog: DefinitionCatalog,
): WorkflowInfo => {
  const calls = new Set<string>();
  let needs: PrivilegeLevel = 1;
  for (const node of definition.nodes) {
    if (node.type === 'workflow') calls.add(node.workflow);
    for (const { need } of callsAndUndoing(node, catalog)) {
      needs = Math.max(needs, need) as PrivilegeLevel;
    }
  }
  return { versions: versionsUpTo(latest), calls: [...calls], needs };
};

/** Numbers of versions count from 1, without gaps. */
export const versionsUpTo = (latest: number): number[] => Array.from({ length: latest }, (_, index) => index + 1);
