import { type PublishedAgent, type PublishedWorkflow, type WorkflowDefinition } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { agentSpecOf } from './agents.mapping.js';
import { AgentsRepository } from './agents.repository.js';
import { DefinitionsRepository } from './definitions.repository.js';

/** Definitions are up to 1 MiB each: so many are held whole. */
const AT_ONCE = 20;

/** Who calls whom in what a tenant has published. Needs an open tenant scope. */
@Injectable()
export class PublishedRepository {
  constructor(
    private readonly definitions: DefinitionsRepository,
    private readonly agents: AgentsRepository,
  ) {}

  /** The newest version of each workflow, cut to what calls and what catches, and the agents that they name, by id. */
  async newest(): Promise<{ workflows: PublishedWorkflow[]; agents: Map<string, PublishedAgent> }> {
    const workflows: PublishedWorkflow[] = [];
    for (let after: string | undefined; ;) {
      const versions = await this.definitions.newestVersions({ after, most: AT_ONCE });
      for (const { workflow_id, version, definition } of versions)
        workflows.push({ id: workflow_id, version, definition: whatSpreads(definition) });
      if (versions.length < AT_ONCE) return { workflows, agents: await this.agentsOf(workflows) };
      after = versions.at(-1)?.workflow_id;
    }
  }

  private async agentsOf(workflows: readonly PublishedWorkflow[]): Promise<Map<string, PublishedAgent>> {
    const nodes = workflows.flatMap(({ definition }) => definition.nodes);
    const names = new Set(nodes.flatMap((node) => (node.type === 'agent' ? [node.agent] : [])));
    const found = await this.agents.called([...names]);
    return new Map([...found.values()].map((row) => [row.id, { name: row.name, tools: agentSpecOf(row).tools }]));
  }
}

/** Of a definition only what calls and what catches: a tenant's may be many, and long. */
const whatSpreads = ({ schema, name, nodes, edges }: WorkflowDefinition): WorkflowDefinition => ({
  schema,
  name,
  nodes: nodes.map((node) => {
    const kept = Object.entries(node).filter(([member]) => KEPT.has(member));
    return Object.fromEntries(kept) as unknown as typeof node;
  }),
  edges: edges.map(({ source, target, on_item_error }) => ({
    source,
    target,
    ...(on_item_error === undefined ? {} : { on_item_error }),
  })),
});

const KEPT = new Set([
  'id',
  'type',
  'tool',
  'agent',
  'tools',
  'handler',
  'task_queue',
  'workflow',
  'version',
  'on_open',
  'on_error',
  'open_wait_seconds',
  'compensate',
]);
