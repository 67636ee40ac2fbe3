import type { DefinitionCatalog } from './catalog.js';
import { checkArguments } from './checks/arguments.js';
import { checkAvailability } from './checks/availability.js';
import { warnOfBarriers } from './checks/barriers.js';
import { checkChannels } from './checks/channels.js';
import { warnOfMissingOtherwise } from './checks/conditions.js';
import type { CheckContext } from './checks/context.js';
import { checkDeciders } from './checks/deciders.js';
import { warnOfUnequalDiamonds } from './checks/diamonds.js';
import { checkEdges } from './checks/edges.js';
import { warnOfEndlessCycles } from './checks/endless-cycles.js';
import { checkExpressions } from './checks/expressions.js';
import { checkPlacements } from './checks/placements.js';
import { checkPrivileges } from './checks/privileges.js';
import { checkReachability } from './checks/reachability.js';
import { checkRecursion } from './checks/recursion.js';
import { checkReferences } from './checks/references.js';
import { warnOfRisks } from './checks/risks.js';
import { checkSchemas } from './checks/schemas.js';
import { warnOfUnguardedCalls } from './checks/unguarded-calls.js';
import { checkWaits } from './checks/waits.js';
import { checkWriteConflicts } from './checks/write-conflicts.js';
import { FindingList } from './findings.js';
import { flowOf } from './graph/flow.js';
import { reachFromStart } from './graph/reach.js';
import { timingOf } from './graph/timing.js';
import { type ParsedDefinition, readDefinition } from './parse-definition.js';

const CHECKS: readonly ((context: CheckContext) => void)[] = [
  checkAvailability,
  checkEdges,
  checkReferences,
  checkReachability,
  checkSchemas,
  checkChannels,
  checkExpressions,
  checkWaits,
  checkArguments,
  checkPlacements,
  checkPrivileges,
  checkRecursion,
  checkDeciders,
  warnOfMissingOtherwise,
  warnOfRisks,
];

/**
 * Everything publishing checks: the structure, then names, expressions, arguments, levels and the graph, each as far as
 * the parts before it are sound. Pure, linear in the size of the definition; never throws, whatever it is given.
 * @returns the definition where no finding is an error; warnings may come with it
 */
export const validateDefinition = (input: unknown, catalog: DefinitionCatalog): ParsedDefinition => {
  const findings = new FindingList();
  const { definition, draft } = readDefinition(input, findings);
  if (draft !== undefined) {
    const flow = flowOf(draft);
    const context = { draft, catalog, findings, flow, reached: reachFromStart(flow) };
    for (const check of CHECKS) check(context);
    checkGraph(context);
  }
  return { definition: findings.hasErrors ? undefined : definition, findings: findings.toArray() };
};

/** With loose ends the graph is not the one that was meant: warnings about it would mislead. */
const checkGraph = (context: CheckContext): void => {
  const timed = { ...context, ...timingOf(context.flow) };
  checkWriteConflicts(timed);
  if (!context.flow.intact) return;
  warnOfUnguardedCalls(context);
  warnOfEndlessCycles(context);
  warnOfUnequalDiamonds(timed);
  warnOfBarriers(timed);
};
