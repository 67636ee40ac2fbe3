import { agentMemoryNode, ApiError, effectKey, type Json, ToolError } from '@aumos/agf-domain';
import { MEMORY_UNAVAILABLE, type AgentMemory, type ModelCall, type RememberCall } from '@aumos/agf-engine/common';
import { TenantDb, VisitsRepository } from '@aumos/agf-persistence';
import { type AgentSession, AgentSessions } from '@aumos/agf-sessions';
import { Injectable, Logger } from '@nestjs/common';
import { type Remembered, rememberedIn, saidIn } from './remembered.js';

/** The value of a session that has what was said, oldest first. */
const CONVERSATION = 'conversation';
/** Of the newest of what was said; halved until it fits. */
const MOST_MESSAGES = 200;
/** A question and its answer. */
const LEAST_MESSAGES = 2;

/** What agents remember from one visit to the next, in their sessions. */
@Injectable()
export class AgentMemories {
  private readonly log = new Logger(AgentMemories.name);

  constructor(
    private readonly db: TenantDb,
    private readonly visits: VisitsRepository,
    private readonly sessions: AgentSessions,
  ) {}

  /**
   * Reads it before a visit's first turn, and keeps it in the journal: every turn of the visit sees the same.
   * @throws ToolError MEMORY_UNAVAILABLE, retryable where it may be there later
   */
  async recall(call: ModelCall): Promise<void> {
    const { ref, of, memory, step, item } = call;
    if (!memory || isUnasked(memory)) return;
    const at = { execution_id: ref.execution_id, node: agentMemoryNode(of.node, of.visit), visit: 1 };
    const kept = { ...at, step, item, type: 'memory', input: memory };
    const begun = await this.db.run(ref.tenant_id, () => this.visits.begin(kept));
    if (!begun.begun) return;
    const said = await this.orUnavailable(async () => (await this.open(call, memory).get(CONVERSATION))?.value ?? []);
    const ended = { ...kept, output: said, error: null, status: 'completed', started_at: new Date().toISOString() };
    await this.db.run(ref.tenant_id, () => this.visits.settle({ ...ended, status: 'completed' }));
  }

  /** What {@link recall} kept. Needs an open tenant scope. */
  async recalled({ ref, of, memory }: ModelCall): Promise<Remembered[]> {
    if (!memory) return [];
    const visit = await this.visits.find({
      ...{ execution_id: ref.execution_id, node: agentMemoryNode(of.node, of.visit), visit: 1 },
    });
    return rememberedIn(visit?.output ?? null);
  }

  /** A question and its answer, at once and once. @throws ToolError MEMORY_UNAVAILABLE */
  async remember(call: RememberCall): Promise<void> {
    const { ref, node, visit, memory } = call;
    const session = this.open(call, memory);
    const once = effectKey(ref.execution_id, node, visit);
    try {
      await this.orUnavailable(() => append(session, saidIn(call), once));
    } catch (error) {
      if (!isUnasked(memory)) throw error;
      this.log.warn({
        err: error,
        msg: 'a conversation that nobody asked to keep is not kept',
        execution_id: ref.execution_id,
      });
    }
  }

  private open({ ref, agent }: Pick<ModelCall, 'ref'> & { agent: { id: string } }, memory: AgentMemory): AgentSession {
    const owner = { tenant: ref.tenant_id, agent: agent.id };
    if (memory.kind === 'private') return this.sessions.open({ ...owner, session: memory.session });
    return this.sessions.open({ ...owner, execution: { id: memory.execution_id, agents: memory.agents } });
  }

  private async orUnavailable<T>(use: () => Promise<T>): Promise<T> {
    try {
      return await use();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { code, message } = error;
      const later = code === 'SERVICE_UNAVAILABLE';
      throw Object.assign(new ToolError(MEMORY_UNAVAILABLE, `the agent's memory: ${message}`, later, { code }), {
        cause: error,
      });
    }
  }
}

/** Such a session begins with its execution. */
const isUnasked = (memory: AgentMemory): boolean => memory.kind === 'private' && memory.unasked === true;

/** What is too much for a session gives way, the oldest first. */
async function append(session: AgentSession, said: Json[], once: string): Promise<void> {
  for (let cap = MOST_MESSAGES; ; cap = Math.max(LEAST_MESSAGES, Math.floor(cap / 2))) {
    try {
      await session.append(CONVERSATION, said, { cap, once });
      return;
    } catch (error) {
      const full =
        error instanceof ApiError && error.code === 'SESSION_LIMIT' && error.details['limit'] !== 'agent_sessions';
      if (!full || cap === LEAST_MESSAGES) throw error;
    }
  }
}
