import { type AgentLimits, type BreakerSettings, CallerError, type Json } from '@aumos/agf-domain';
import type { ModelCall, ModelReply } from '@aumos/agf-engine/common';
import { EventPublisher } from '@aumos/agf-events';
import { agentSpecOf, AgentsRepository, TenantDb, type Visit, VisitsRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { ExecutionLog } from '../execution/execution-log.js';
import { agentInvoked } from './agent-invoked.js';
import { AgentMemories } from './agent-memories.js';

type Begun =
  | { kind: 'completed'; reply: ModelReply }
  /** the first two of the agent, as it is now */
  | ({ kind: 'begun'; attempt: number } & AgentNow);

interface AgentNow {
  limits: AgentLimits;
  /** of its own breaker; null: its tenant's */
  circuit_breaker: BreakerSettings | null;
}

/** A turn's row in the journal, whoever says what it comes to. The first turn begins the agent's own visit, too. */
@Injectable()
export class BeginTurn {
  constructor(
    private readonly db: TenantDb,
    private readonly visits: VisitsRepository,
    private readonly agents: AgentsRepository,
    private readonly memories: AgentMemories,
    private readonly log: ExecutionLog,
    private readonly events: EventPublisher,
  ) {}

  /** @throws CallerError AGENT_NOT_ACTIVE; ToolError MEMORY_UNAVAILABLE */
  async run(call: ModelCall): Promise<Begun> {
    const begun = await this.begin(call);
    if (begun.ended) return { kind: 'completed', reply: begun.ended.output as unknown as ModelReply };
    const { agent, attempt } = begun;
    if (!agent) throw new CallerError('AGENT_NOT_ACTIVE', `the agent ${call.agent.name} is not active`);
    if (call.visit === 1) await this.memories.recall(call);
    return { kind: 'begun', ...agent, attempt };
  }

  private async begin(
    call: ModelCall,
  ): Promise<{ ended: Visit } | { ended?: never; agent: AgentNow | null; attempt: number }> {
    const { ref, node, visit, step, item, of, prompt, told } = call;
    const { execution_id } = ref;
    return this.db.run(ref.tenant_id, async () => {
      await this.log.recordEnded(ref, call.ended, call.steps);
      const at = { execution_id, step, item };
      const own = visit === 1 && (await this.visits.begin({ ...at, ...of, type: 'agent', input: prompt }));
      const begun = await this.visits.begin({ ...at, node, visit, type: 'model', input: { told } as unknown as Json });
      if (!begun.begun && begun.ended.status === 'completed') return { ended: begun.ended };
      const row = await this.agents.get(call.agent.id);
      const agent =
        row?.status === 'active' ? { limits: agentSpecOf(row).limits, circuit_breaker: row.circuit_breaker } : null;
      if (own && own.begun && own.attempt === 1) await this.events.publish(agentInvoked(call));
      return { agent, attempt: begun.begun ? begun.attempt : begun.ended.attempts };
    });
  }
}
