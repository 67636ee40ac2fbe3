import type { JsonObject } from '../json/json.js';
import { checkExpressionTexts } from './checks/expression-texts.js';
import { checkGateShapes } from './checks/gate-shapes.js';
import { checkNodeShapes } from './checks/node-shapes.js';
import type { Finding, WorkflowDefinition } from './definition.js';
import { type Draft, draftOf } from './draft.js';
import { FindingList } from './findings.js';
import { readStructure } from './read-structure.js';
import { snapshotJson } from './snapshot.js';

export interface ParsedDefinition {
  /** a plain copy of the input; absent where the structure has an error */
  definition?: WorkflowDefinition;
  findings: Finding[];
}

/**
 * Checks the structure of a definition: members, types, names, sizes. References and graph are {@link validateDefinition}'s.
 * Never throws, whatever it is given, and takes time in proportion to at most 1 MiB; every mistake is a finding.
 */
export const parseDefinition = (input: unknown): ParsedDefinition => {
  const findings = new FindingList();
  const { definition } = readDefinition(input, findings);
  return { definition, findings: findings.toArray() };
};

/** The same for the semantic checks, which go on with the parts that are sound. */
export const readDefinition = (
  input: unknown,
  findings: FindingList,
): { definition?: WorkflowDefinition; draft?: Draft } => {
  const root = snapshotJson(input, findings);
  if (root === undefined) return {};
  if (typeof root !== 'object' || root === null || Array.isArray(root)) {
    findings.error({ rule: 'WRONG_TYPE', message: 'a definition is a JSON object', pointer: '' });
    return {};
  }
  const broken = readStructure(root, findings);
  if (broken === undefined) return {};
  const draft = draftOf(root, broken);
  checkNodeShapes(draft, findings);
  checkGateShapes(draft, findings);
  checkExpressionTexts(draft, findings);
  return { definition: findings.hasErrors ? undefined : asDefinition(root), draft };
};

/** The structure is checked: what is left is one spelling of `outputs`, where `{cel}` means the expression itself. */
const asDefinition = (root: JsonObject): WorkflowDefinition => {
  const definition = root as unknown as WorkflowDefinition;
  for (const node of definition.nodes) {
    if (!('outputs' in node) || node.outputs === undefined) continue;
    for (const [channel, source] of Object.entries<string | { cel: string }>(node.outputs)) {
      if (typeof source !== 'string') node.outputs[channel] = source.cel;
    }
  }
  return definition;
};
