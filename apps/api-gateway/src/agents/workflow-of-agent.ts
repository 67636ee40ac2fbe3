import { type Actor, definitionHash, type WorkflowDefinition } from '@aumos/agf-domain';
import { type AgentEntity, DefinitionsRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';

/**
 * The workflow of one node that an agent's invocations run. It is nobody's publication: no list shows it, and what the
 * agent may not do with its tools is denied when it tries, as they change without it.
 */
const definitionOf = ({ id }: AgentEntity): WorkflowDefinition => ({
  schema: 'agf/workflow/v1',
  name: `agent-${id}`,
  state: { answer: {} },
  nodes: [{ id: 'agent', type: 'agent', agent: id, prompt: { cel: 'input' }, output: 'answer' }],
  edges: [
    { source: 'START', target: 'agent' },
    { source: 'agent', target: 'END' },
  ],
  output: { cel: 'state.answer' },
});

@Injectable()
export class WorkflowOfAgent {
  constructor(
    private readonly db: TenantDb,
    private readonly definitions: DefinitionsRepository,
  ) {}

  /** @returns its id; the first invocation makes it */
  async of(actor: Actor, agent: AgentEntity): Promise<string> {
    const { tenant_id, sub } = actor;
    const there = (): Promise<string | undefined> =>
      this.db.run(tenant_id, async () => (await this.definitions.ofAgent(agent.id))?.id);
    const known = await there();
    if (known !== undefined) return known;
    const definition = definitionOf(agent);
    const made = await this.db.run(tenant_id, () =>
      this.definitions.createWithVersion(
        { name: definition.name, created_by: sub, agent_id: agent.id },
        { definition, content_hash: definitionHash(definition), warnings: [], published_by: sub },
      ),
    );
    // Somebody else's first invocation was faster.
    const id = made?.workflow.id ?? (await there());
    if (id === undefined) throw new Error('The workflow of an agent is not there');
    return id;
  }
}
