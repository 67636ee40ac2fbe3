import { DEFAULT_TURNS, type AgentNode, type AgentSpec, type ToolSpec } from '@aumos/agf-domain/runtime';
import { executionError } from '../../plan/failure.js';
import { NodeError } from '../../plan/node-error.js';
import { own } from '../../plan/own.js';
import type { Visit } from '../visit.js';

/** An agent at work in one visit. */
export interface AgentAtWork {
  spec: AgentSpec;
  /** by name: what it may call here */
  tools: ReadonlyMap<string, ToolSpec>;
  maxTurns: number;
}

/** A node narrows what its agent may, and never widens it. @throws NodeError */
export function agentOf({ run, node, site }: Visit<AgentNode>): AgentAtWork {
  const { agents, tools } = run.start;
  const spec = agents && own(agents, node.agent);
  if (!spec) throw new NodeError(executionError(site, 'UNKNOWN_AGENT', `There is no agent "${node.agent}"`));
  const allowed = spec.tools.filter((name) => node.tools?.includes(name) ?? true);
  const most = spec.limits.max_turns ?? Infinity;
  return {
    spec,
    tools: new Map(
      allowed.flatMap((name) => {
        const tool = own(tools, name);
        return tool ? [[name, tool]] : [];
      }),
    ),
    maxTurns: Math.min(most, node.max_turns ?? Math.min(most, DEFAULT_TURNS)),
  };
}
