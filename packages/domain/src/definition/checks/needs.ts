import type { PrivilegeLevel } from '../../privilege/privilege-level.js';
import type { DefinitionCatalog, HandlerInfo } from '../catalog.js';
import type { NodeDefinition } from '../definition.js';

/** A call that a node makes, and the level it needs. */
export interface Call {
  /** the tool or handler */
  callee: string;
  need: PrivilegeLevel;
  idempotent: boolean;
}

/** Where nobody lists handlers, the node alone says what its call needs; it is handed the effect key, so it may be repeated. */
const UNLISTED_HANDLER: HandlerInfo = { min_privilege_level: 1, idempotent: true };

/** The calls a node makes directly, as far as the catalog knows them. A child workflow's calls are its own. */
export const callsOf = (node: NodeDefinition, catalog: DefinitionCatalog): Call[] => {
  const raised = (level: PrivilegeLevel): PrivilegeLevel =>
    Math.max(level, node.privilege_level ?? 1) as PrivilegeLevel;
  const tool = (name: string): Call[] => {
    const spec = catalog.tools.get(name);
    return spec === undefined
      ? []
      : [{ callee: name, need: raised(spec.min_privilege_level), idempotent: spec.idempotent }];
  };
  switch (node.type) {
    case 'tool':
      return tool(node.tool);
    case 'function': {
      const handler = catalog.handlers === undefined ? UNLISTED_HANDLER : catalog.handlers.get(node.handler);
      if (handler === undefined) return [];
      return [{ callee: node.handler, need: raised(handler.min_privilege_level), idempotent: handler.idempotent }];
    }
    case 'agent':
      return (node.tools ?? catalog.agents?.get(node.agent)?.tools ?? []).flatMap(tool);
    case 'transform':
    case 'gate':
    case 'workflow':
    case 'wait':
    case 'compensate':
    case 'fail':
      return [];
  }
};

/** The call that undoes a node's. Its level is the tool's own: `privilege_level` raises what the node itself calls. */
export const compensationOf = ({ compensate }: NodeDefinition, catalog: DefinitionCatalog): Call | undefined => {
  const spec = compensate === undefined ? undefined : catalog.tools.get(compensate.tool);
  return spec && { callee: spec.name, need: spec.min_privilege_level, idempotent: spec.idempotent };
};

/** The same, with what undoes it. */
export const callsAndUndoing = (node: NodeDefinition, catalog: DefinitionCatalog): Call[] => {
  const compensation = compensationOf(node, catalog);
  return compensation === undefined ? callsOf(node, catalog) : [...callsOf(node, catalog), compensation];
};

/** From this level on a gate is evaluated before the call. */
export const RISKY: PrivilegeLevel = 3;
