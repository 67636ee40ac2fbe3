import type { BreakerKey } from '../../breaker/breaker.js';
import { functionBreakerKey } from '../../keys/keys.js';
import type { NodeDefinition } from '../definition.js';
import type { PublishedAgent, PublishedWorkflow } from './published.js';
import { type CallOutcome, outcomeOf } from './open-outcome.js';

/** A node of which the breaker refuses a call. */
export interface DirectHit extends CallOutcome {
  node: string;
  /**
   * `tool`, `agent`: what it calls (a handler as a tool); `agent_tool`: a tool of its agent; `compensation`: what undoes it;
   * `own_workflow`: all calls of the workflow are refused
   */
  cause: 'tool' | 'agent' | 'agent_tool' | 'compensation' | 'own_workflow';
}

type Agents = ReadonlyMap<string, PublishedAgent>;

export const directHits = (key: BreakerKey, workflow: PublishedWorkflow, agents: Agents): DirectHit[] => {
  const { definition } = workflow;
  const causesOf = causes(key, workflow, agents);
  return definition.nodes.flatMap((node) =>
    causesOf(node).map((cause): DirectHit => {
      if (cause === 'compensation') return { node: node.id, cause, effect: 'recorded' };
      return { node: node.id, cause, ...outcomeOf(node, definition, { refused: true }) };
    }),
  );
};

const causes = (
  key: BreakerKey,
  { id }: PublishedWorkflow,
  agents: Agents,
): ((node: NodeDefinition) => DirectHit['cause'][]) => {
  const name = key.slice(key.indexOf(':') + 1);
  if (key.startsWith('workflow:')) return (node) => (id === name && CALLING.has(node.type) ? ['own_workflow'] : []);
  if (key.startsWith('agent:')) {
    const names = new Set([name, agents.get(name)?.name]);
    return (node) => (node.type === 'agent' && names.has(node.agent) ? ['agent'] : []);
  }
  // By host it is the tool's as well: which one a call goes to is known when it is made.
  const isOf = (tool: string): boolean => tool === name || name.startsWith(`${tool}.`);
  const byName = new Map([...agents.values()].map((agent) => [agent.name, agent]));
  return (node) => {
    const found: DirectHit['cause'][] = [];
    if (node.type === 'tool' && isOf(node.tool)) found.push('tool');
    if (node.type === 'function' && functionBreakerKey(node) === key) found.push('tool');
    if (node.type === 'agent') {
      const tools = node.tools ?? (agents.get(node.agent) ?? byName.get(node.agent))?.tools;
      if (tools?.some(isOf)) found.push('agent_tool');
    }
    if (node.compensate && isOf(node.compensate.tool)) found.push('compensation');
    return found;
  };
};

/** Types whose nodes call something through the breakers of their workflow. */
const CALLING: ReadonlySet<NodeDefinition['type']> = new Set(['agent', 'tool', 'function', 'workflow']);
