import type { PrivilegeLevel } from '../../privilege/privilege-level.js';
import type { DefinitionCatalog } from '../catalog.js';
import type { NodeDefinition } from '../definition.js';

/** A call that a node makes, and the level it needs. */
export interface Call {
  /** the tool or handler */
  callee: string;
  need: PrivilegeLevel;
  idempotent: boolean;
}

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
      const handler = catalog.handlers?.get(node.handler);
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

/** From this level on a gate is evaluated before the call. */
export const RISKY: PrivilegeLevel = 3;
