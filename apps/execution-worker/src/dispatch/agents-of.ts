import type { AgentSpec, WorkflowDefinition } from '@aumos/agf-domain';
import { AgentsRepository, agentSpecOf } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';

/** What an execution is started with of its agents. */
export interface NamedAgents {
  /** by what the definition calls them */
  agents?: Record<string, AgentSpec>;
}

/** The agents that a definition names. Needs an open tenant scope. */
@Injectable()
export class AgentsOf {
  constructor(private readonly agents: AgentsRepository) {}

  async named({ nodes }: WorkflowDefinition): Promise<NamedAgents> {
    const names = new Set(nodes.flatMap((node) => (node.type === 'agent' ? [node.agent] : [])));
    if (names.size === 0) return {};
    const found = await this.agents.called([...names]);
    return { agents: Object.fromEntries([...found].map(([name, row]) => [name, agentSpecOf(row)])) };
  }
}

/** The tools that they may call, beside those that the definition names. */
export const toolsOfAgents = ({ agents = {} }: NamedAgents): string[] =>
  Object.values(agents).flatMap(({ tools }) => [...tools]);
