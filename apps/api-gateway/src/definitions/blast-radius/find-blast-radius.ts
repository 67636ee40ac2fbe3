import {
  blastRadius,
  type BlastRadius,
  type BreakerKey,
  type PublishedAgent,
  type PublishedWorkflow,
  type WorkflowDefinition,
} from '@aumos/agf-domain';
import { agentSpecOf, AgentsRepository, DefinitionsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';

/** Definitions are up to 1 MiB each: so many are held whole. */
const AT_ONCE = 20;

/** What an open breaker would stop among the tenant's newest versions, and what would contain it. */
@Injectable()
export class FindBlastRadius {
  constructor(
    private readonly db: TenantDb,
    private readonly definitions: DefinitionsRepository,
    private readonly agents: AgentsRepository,
  ) {}

  /** @param key default: the workflow's own breaker @throws ApiError NOT_FOUND */
  async run(tenantId: string, workflowId: string, key?: BreakerKey): Promise<BlastRadius> {
    const [published, agents] = await this.db.run(
      tenantId,
      async (): Promise<[PublishedWorkflow[], Map<string, PublishedAgent>]> => {
        if (!(await this.definitions.get(workflowId))) throw notFound();
        const newest = await this.newest();
        return [newest, await this.agentsOf(newest)];
      },
    );
    return blastRadius(key ?? `workflow:${workflowId}`, published, agents);
  }

  /** By id, of those that are named. */
  private async agentsOf(published: readonly PublishedWorkflow[]): Promise<Map<string, PublishedAgent>> {
    const nodes = published.flatMap(({ definition }) => definition.nodes);
    const names = new Set(nodes.flatMap((node) => (node.type === 'agent' ? [node.agent] : [])));
    const found = await this.agents.called([...names]);
    return new Map([...found.values()].map((row) => [row.id, { name: row.name, tools: agentSpecOf(row).tools }]));
  }

  private async newest(): Promise<PublishedWorkflow[]> {
    const published: PublishedWorkflow[] = [];
    for (let after: string | undefined; ;) {
      const versions = await this.definitions.newestVersions({ after, most: AT_ONCE });
      for (const { workflow_id, version, definition } of versions)
        published.push({ id: workflow_id, version, definition: whatSpreads(definition) });
      if (versions.length < AT_ONCE) return published;
      after = versions.at(-1)?.workflow_id;
    }
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
  'workflow',
  'version',
  'on_open',
  'on_error',
  'open_wait_seconds',
  'compensate',
]);
