import type { AgentMemory } from '@aumos/agf-engine/common';
import { DefinitionsRepository, type ExecutionEntity, ExecutionsRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { AgentsOf } from './agents-of.js';

const SHARED = 'shared:';

/** Where the agent of an invocation remembers. Needs an open tenant scope. */
@Injectable()
export class MemoryOfInvocation {
  constructor(
    private readonly executions: ExecutionsRepository,
    private readonly definitions: DefinitionsRepository,
    private readonly agents: AgentsOf,
  ) {}

  /** @returns null for what is no invocation */
  async of({ id, session_id: session }: ExecutionEntity): Promise<AgentMemory | null> {
    if (session === null) return null;
    if (session.startsWith(SHARED)) return this.shared(session.slice(SHARED.length));
    return { kind: 'private', session, ...(session === id ? { unasked: true as const } : {}) };
  }

  /** Of an execution that is gone: nobody's, so that it is found to be none. */
  private async shared(execution_id: string): Promise<AgentMemory> {
    const row = await this.executions.get(execution_id);
    const version = row && (await this.definitions.getVersion(row.workflow_id, row.workflow_version));
    const { agents = {} } = version ? await this.agents.named(version.definition) : {};
    const ids = Object.values(agents).map((agent) => agent.id);
    return { kind: 'shared', execution_id, agents: [...new Set(ids)].sort() };
  }
}
