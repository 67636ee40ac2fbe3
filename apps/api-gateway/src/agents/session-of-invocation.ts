import { invalidField } from '@aumos/agf-domain';
import {
  type AgentEntity,
  AgentsRepository,
  DefinitionsRepository,
  ExecutionsRepository,
} from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import type { InvokeAgentDto } from './agent.dto.js';

const SHARED = 'shared:';

/** In which session an invoked agent remembers. Needs an open tenant scope. */
@Injectable()
export class SessionOfInvocation {
  constructor(
    private readonly executions: ExecutionsRepository,
    private readonly definitions: DefinitionsRepository,
    private readonly agents: AgentsRepository,
  ) {}

  /**
   * @returns null: one that begins with the invocation
   * @throws ApiError VALIDATION_ERROR for two of them; NOT_FOUND for an execution's that the agent is not of
   */
  async of(agent: AgentEntity, { session_id, execution_id }: InvokeAgentDto): Promise<string | null> {
    const session = session_id ?? (execution_id === undefined ? null : SHARED + execution_id);
    if (session_id !== undefined && execution_id !== undefined && session_id !== SHARED + execution_id)
      throw invalidField('session_id', 'must not be there beside another execution_id');
    if (session?.startsWith(SHARED) && !(await this.isOf(agent, session.slice(SHARED.length)))) throw notFound();
    return session;
  }

  private async isOf({ id }: AgentEntity, executionId: string): Promise<boolean> {
    const execution = UUID.test(executionId) ? await this.executions.get(executionId) : null;
    if (!execution) return false;
    const version = await this.definitions.getVersion(execution.workflow_id, execution.workflow_version);
    const names = version?.definition.nodes.flatMap((node) => (node.type === 'agent' ? [node.agent] : [])) ?? [];
    return [...(await this.agents.called(names)).values()].some((agent) => agent.id === id);
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
