import type { z } from 'zod';
import type { Json, JsonObject } from '../json/json.js';
import { ownMember } from '../json/own.js';
import { type FindingList, type PathSegment, pointerTo, shown } from './findings.js';
import { languageSchema } from './language.js';
import { DEFINITION_LIMITS } from './limits.js';

type Issue = z.core.$ZodIssue;

/**
 * Compares plain JSON with the language and reports every difference.
 * @returns pointers of the parts (a node, an edge, a channel, a gate, a member) that have one;
 * undefined where the definition is too large to be looked at
 */
export const readStructure = (root: JsonObject, findings: FindingList): Set<string> | undefined => {
  const broken = new Set<string>();
  const nodes = root['nodes'];
  if (Array.isArray(nodes) && nodes.length > DEFINITION_LIMITS.nodes) {
    const message = `${nodes.length} nodes; at most ${DEFINITION_LIMITS.nodes} are allowed`;
    const hint = 'split the workflow: put parts of it into workflow nodes';
    findings.error({ rule: 'TOO_MANY_NODES', message, pointer: '/nodes', hint });
    // Looking at each of them would only add to the one finding that matters.
    return undefined;
  }
  const parsed = languageSchema.safeParse(root, { jitless: true });
  for (const issue of parsed.error?.issues ?? []) {
    const path = issue.path as PathSegment[];
    broken.add(pointerTo(partOf(path)));
    report(issue, path, root, findings);
  }
  return broken;
};

/** Nodes, edges, channels and gates stand each for itself; anything else is its whole member. */
const partOf = (path: readonly PathSegment[]): readonly PathSegment[] =>
  ['nodes', 'edges', 'state', 'hitl_gates'].includes(String(path[0])) ? path.slice(0, 2) : path.slice(0, 1);

const report = (issue: Issue, path: PathSegment[], root: JsonObject, findings: FindingList): void => {
  const place = placeOf(path, root);
  const member = path.length === 0 ? 'the definition' : shown(String(path.at(-1)));
  const found = valueAt(root, path);
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      const pointer = pointerTo([...path, key]);
      findings.error({ ...place, rule: 'UNKNOWN_MEMBER', message: `unknown member ${shown(key)}`, pointer });
    }
    return;
  }
  const pointer = pointerTo(path);
  if (issue.code === 'invalid_key') {
    findings.error({
      ...place,
      rule: 'INVALID_NAME',
      message: `${member} is not a valid name`,
      pointer,
      hint: NAME_HINT,
    });
  } else if (found === undefined) {
    findings.error({ ...place, rule: 'MISSING_MEMBER', message: `${member} is missing`, pointer });
  } else {
    findings.error({ ...place, pointer, ...describe(issue, member) });
  }
};

const NAME_HINT = 'a letter, then letters, digits, _ or -, at most 64 characters';

const describe = (issue: Issue, member: string): { rule: string; message: string; hint?: string } => {
  switch (issue.code) {
    case 'invalid_union':
      return issue.path.at(-1) === 'type'
        ? { rule: 'UNKNOWN_NODE_TYPE', message: `${member} is not a node type: ${issue.message}` }
        : { rule: 'WRONG_TYPE', message: `${member} ${issue.message}` };
    case 'invalid_format':
      return { rule: 'INVALID_NAME', message: `${member} is not a valid name`, hint: NAME_HINT };
    case 'invalid_value':
      return { rule: 'INVALID_VALUE', message: `${member} must be one of ${issue.values.map(String).join(', ')}` };
    case 'too_small':
      return {
        rule: 'OUT_OF_RANGE',
        message: `${member} is too small: ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`,
      };
    case 'too_big':
      return { rule: 'OUT_OF_RANGE', message: `${member} is too large: at most ${issue.maximum}` };
    case 'invalid_type':
      return { rule: 'WRONG_TYPE', message: `${member} must be a value of type ${issue.expected}` };
    case 'custom':
    case 'invalid_element':
    case 'invalid_key':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return { rule: 'INVALID_VALUE', message: `${member}: ${issue.message}` };
  }
};

/** Which node or edge a path lies in. */
const placeOf = (path: readonly PathSegment[], root: JsonObject): { node?: string; edge?: number } => {
  if (path[0] === 'edges' && typeof path[1] === 'number') return { edge: path[1] };
  if (path[0] !== 'nodes' || typeof path[1] !== 'number') return {};
  const id = valueAt(root, ['nodes', path[1], 'id']);
  return typeof id === 'string' ? { node: shown(id) } : {};
};

const valueAt = (root: Json, path: readonly PathSegment[]): Json | undefined => {
  let value: Json | undefined = root;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Array.isArray(value) ? value[Number(segment)] : ownMember(value, String(segment));
  }
  return value;
};
