import type { DefinitionCatalog } from '../catalog.js';
import type { NodeDefinition } from '../definition.js';
import type { CheckContext } from './context.js';
import { type WaysTo, wayFrom, waysTo } from '../graph/workflow-calls.js';
import { callsOf, compensationOf } from './needs.js';

/** Calls that could only ever be denied: above their agent, above the parent, above the platform's cap. */
export const checkPrivileges = (context: CheckContext): void => {
  const { draft, catalog, findings } = context;
  const cap = catalog.max_privilege_level ?? 5;
  const children = childrenOf(catalog, cap);
  for (const { value: node, pointer } of draft.nodes) {
    if (node === undefined) continue;
    const report = (message: string, member: string, hint: string): void => {
      findings.error({ rule: 'PRIVILEGE_EXCEEDED', message, node: node.id, pointer: `${pointer}/${member}`, hint });
    };
    const agent = node.type === 'agent' ? catalog.agents?.get(node.agent) : undefined;
    for (const { callee, need } of callsOf(node, catalog)) {
      if (agent !== undefined && need > agent.privilege_level) {
        const message = `${callee} needs level ${need}, the agent has ${agent.privilege_level}`;
        report(message, 'agent', 'give the tool to an agent of that level, or call it by a tool node');
      } else if (need > cap) {
        report(
          `${callee} needs level ${need}, no execution has more than ${cap}`,
          'type',
          'use a tool of a lower level',
        );
      }
    }
    const undoing = compensationOf(node, catalog);
    if (undoing !== undefined && undoing.need > cap) {
      const message = `${undoing.callee} needs level ${undoing.need}, no execution has more than ${cap}`;
      report(message, 'compensate/tool', 'undo it by a tool of a lower level');
    }
    checkAgentTools(node, agent?.tools, report);
    checkChild(node, children, report);
  }
};

type Report = (message: string, member: string, hint: string) => void;

const checkAgentTools = (node: NodeDefinition, allowed: readonly string[] | undefined, report: Report): void => {
  if (node.type !== 'agent' || allowed === undefined) return;
  for (const [index, tool] of (node.tools ?? []).entries()) {
    if (allowed.includes(tool)) continue;
    report(`the agent ${node.agent} may not use ${tool}`, `tools/${index}`, 'name a subset of the tools of the agent');
  }
};

/** A child never has more than its parent; a parent's level is bounded by the cap alone before it is started. */
const checkChild = (node: NodeDefinition, { above, needs, cap }: Children, report: Report): void => {
  if (node.type !== 'workflow') return;
  const { privilege_level: own = 1 } = node;
  if (own > cap)
    report(
      `calling ${node.workflow} needs level ${own}, no execution has more than ${cap}`,
      'privilege_level',
      'lower it',
    );
  const way = wayFrom(node.workflow, above);
  const [child, last] = [way?.[0], way?.at(-1)];
  if (child === undefined || last === undefined) return;
  const through = child === last ? '' : `, by ${last},`;
  const message = `${child} makes calls of level ${needs(last)}${through} and its parent has at most ${cap}`;
  report(message, 'workflow', 'lower its calls');
};

interface Children {
  /** ways to workflows whose calls need more than the cap */
  above: WaysTo;
  needs: (name: string) => number;
  cap: number;
}

const childrenOf = ({ workflows = new Map<string, never>() }: DefinitionCatalog, cap: number): Children => {
  const needs = (name: string): number => workflows.get(name)?.needs ?? 0;
  return {
    above: waysTo(
      [...workflows.keys()].filter((name) => needs(name) > cap),
      workflows,
    ),
    needs,
    cap,
  };
};
