import { CallerError, jsonSize } from '@aumos/agf-domain';
import {
  AGENT_CONTEXT_LIMIT,
  EXECUTOR_CONVERSATION_BYTES,
  type AgentMessage,
  type ModelCall,
  type TurnAdmission,
} from '@aumos/agf-engine/common';
import { BreakerGuard } from '@aumos/agf-resilience';
import { ToolCatalog } from '@aumos/agf-tools';
import { Injectable } from '@nestjs/common';
import { BreakerChain } from '../breakers/breaker-chain.js';
import { RefuseCall } from '../tool-call/refuse-call.js';
import { BeginTurn } from './begin-turn.js';
import { Conversation } from './conversation.js';
import { ModelBudget } from './model-budget.js';
import type { Message } from './transcript.js';

/**
 * Whether a team's executor may take a turn: journal → agent → breaker chain → budget; and what it is told. Asked again it
 * admits again, under another permit: the one before ends by its lease.
 */
@Injectable()
export class AdmitTurn {
  constructor(
    private readonly begin: BeginTurn,
    private readonly conversation: Conversation,
    private readonly tools: ToolCatalog,
    private readonly guard: BreakerGuard,
    private readonly chain: BreakerChain,
    private readonly refuse: RefuseCall,
    private readonly budget: ModelBudget,
  ) {}

  /** @throws CallerError AGENT_NOT_ACTIVE, AGENT_CONTEXT_LIMIT, BUDGET_EXCEEDED; ToolError MEMORY_UNAVAILABLE */
  async run(call: ModelCall): Promise<TurnAdmission> {
    const begun = await this.begin.run(call);
    if (begun.kind === 'completed') return begun;
    const { ref, workflow_chain } = call;
    const { tenant_id } = ref;
    const chain = await this.chain.of(`agent:${call.agent.id}`, { ref, workflow_chain }, begun.circuit_breaker);
    const admission = await this.guard.acquire(tenant_id, chain, {
      level: call.need,
      lease_ms: call.timeout_seconds * 1000,
    });
    if (!admission.admitted) return this.refuse.run(call, admission);
    const { permit } = admission;
    try {
      const messages = fitting(await this.conversation.before(call));
      const offered = [...(await this.tools.of(tenant_id, call.tools)).values()];
      await this.budget.hold(call, messages, begun.limits);
      const tools = offered.map(({ name, description, input_schema }) => ({ name, description, input_schema }));
      return { kind: 'admitted', permit, limits: begun.limits, messages: messages as AgentMessage[], tools };
    } catch (error) {
      await this.guard.report(tenant_id, permit, 'ignored');
      throw error;
    }
  }
}

function fitting(messages: Message[]): Message[] {
  const [bytes, limit] = [jsonSize(messages), EXECUTOR_CONVERSATION_BYTES];
  if (bytes <= limit) return messages;
  const text = `the conversation is ${String(bytes)} bytes; an executor is told ${String(limit)} at most`;
  throw new CallerError(AGENT_CONTEXT_LIMIT, text, { bytes, limit });
}
