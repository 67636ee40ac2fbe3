import { canonicalJson } from '../canonical/canonical-json.js';
import type { Json, JsonObject } from '../json/json.js';
import { ownMember } from '../json/own.js';
import type { Finding } from './definition.js';
import { FindingList, type PathSegment, pointerTo, shown } from './findings.js';
import { snapshotJson } from './snapshot.js';

/** The body of a publication: `graph_definition` and, beside it, members it may lack. */
export interface PublicationBody {
  name?: unknown;
  graph_definition?: unknown;
  /** gates by name */
  hitl_gates?: unknown;
  /** members of the definition's `circuit_breaker` */
  circuit_breaker_config?: unknown;
  /** agent's name or id by the id of the agent node */
  agents?: unknown;
}

/**
 * Fills what the definition lacks from the body around it. What both have and have differently is an error.
 * The result is still to be validated; pointers of these findings lead into the body. Never throws.
 */
export const mergePublication = (body: PublicationBody): { definition: unknown; findings: Finding[] } => {
  const findings = new FindingList();
  const definition = snapshotJson(body.graph_definition, findings);
  // What is no definition, or cannot be read, is the validation's to report, with the pointers it has.
  if (findings.hasErrors || !isObject(definition)) return { definition: body.graph_definition, findings: [] };
  const member = (name: Exclude<keyof PublicationBody, 'graph_definition'>): Json | undefined => {
    const value = body[name];
    return value === undefined || value === null ? undefined : snapshotJson(value, findings, [name]);
  };
  fill(definition, 'name', member('name'), ['name'], findings);
  fillAll(definition, 'hitl_gates', member('hitl_gates'), 'hitl_gates', findings);
  fillAll(definition, 'circuit_breaker', member('circuit_breaker_config'), 'circuit_breaker_config', findings);
  fillAgents(definition, member('agents'), findings);
  return { definition, findings: findings.toArray() };
};

const fill = (
  into: JsonObject,
  key: string,
  value: Json | undefined,
  path: PathSegment[],
  findings: FindingList,
): void => {
  if (value === undefined) return;
  const present = ownMember(into, key);
  if (present === undefined) {
    into[key] = value;
  } else if (canonicalJson(present) !== canonicalJson(value)) {
    const message = `${shown(path.map(String).join('.'))} differs from what the definition says`;
    const hint = 'say it in one place';
    findings.error({ rule: 'PUBLICATION_DIFFERS', message, pointer: pointerTo(path), hint });
  }
};

/** Member by member, so that a gate here and another there make two. */
const fillAll = (
  definition: JsonObject,
  key: string,
  values: Json | undefined,
  name: string,
  findings: FindingList,
): void => {
  if (values === undefined || !expectObject(values, name, findings)) return;
  if (Object.keys(values).length === 0) return;
  const into = ownMember(definition, key) ?? {};
  if (!isObject(into)) return;
  definition[key] = into;
  for (const [member, value] of Object.entries(values)) fill(into, member, value, [name, member], findings);
};

const fillAgents = (definition: JsonObject, agents: Json | undefined, findings: FindingList): void => {
  if (agents === undefined || !expectObject(agents, 'agents', findings)) return;
  const nodes = ownMember(definition, 'nodes');
  const agentNodes = (Array.isArray(nodes) ? nodes : []).filter(isObject).filter((node) => node['type'] === 'agent');
  for (const [key, value] of Object.entries(agents)) {
    const node = agentNodes.find(({ id }) => id === key);
    if (node !== undefined) {
      fill(node, 'agent', value, ['agents', key], findings);
      continue;
    }
    const message = `agents names ${shown(key)}, which is no agent node`;
    findings.error({
      rule: 'UNKNOWN_NODE',
      message,
      pointer: pointerTo(['agents', key]),
      hint: 'use the ids of nodes',
    });
  }
};

const expectObject = (value: Json, name: string, findings: FindingList): value is JsonObject => {
  if (isObject(value)) return true;
  findings.error({ rule: 'WRONG_TYPE', message: `${name} must be an object`, pointer: pointerTo([name]) });
  return false;
};

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
