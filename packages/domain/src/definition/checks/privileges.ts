import type { NodeDefinition } from '../definition.js';
import type { CheckContext } from './context.js';
import { callsOf } from './needs.js';

/** Calls that could only ever be denied: above their agent, above the parent, above the platform's cap. */
export const checkPrivileges = (context: CheckContext): void => {
  const { draft, catalog, findings } = context;
  for (const { value: node, pointer } of draft.nodes) {
    if (node === undefined) continue;
    const report = (message: string, member: string, hint: string): void => {
      findings.error({ rule: 'PRIVILEGE_EXCEEDED', message, node: node.id, pointer: `${pointer}/${member}`, hint });
    };
    const agent = node.type === 'agent' ? catalog.agents?.get(node.agent) : undefined;
    const cap = catalog.max_privilege_level ?? 5;
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
    checkAgentTools(node, agent?.tools, report);
    checkChild(node, context, cap, report);
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
const checkChild = (node: NodeDefinition, { catalog }: CheckContext, cap: number, report: Report): void => {
  if (node.type !== 'workflow') return;
  const needs = catalog.workflows?.get(node.workflow)?.needs;
  if (needs === undefined || needs <= cap) return;
  report(
    `${node.workflow} makes calls of level ${needs}, its parent has at most ${cap}`,
    'workflow',
    'lower its calls',
  );
};
