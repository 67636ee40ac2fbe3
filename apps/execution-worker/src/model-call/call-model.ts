import { type AgentLimits, type ExecutionEvent, type Json, type Permit } from '@aumos/agf-domain';
import type { ModelCall, ModelOutcome, ModelReply } from '@aumos/agf-engine/common';
import { TenantDb, TracesRepository, type Visit, VisitsRepository } from '@aumos/agf-persistence';
import { BreakerGuard } from '@aumos/agf-resilience';
import { ToolCatalog } from '@aumos/agf-tools';
import { Injectable } from '@nestjs/common';
import { Context } from '@temporalio/activity';
import { BreakerChain } from '../breakers/breaker-chain.js';
import { thrownOutcome } from '../breakers/thrown-outcome.js';
import { ExecutionLog, nodeComplete } from '../execution/execution-log.js';
import { BeginTurn } from './begin-turn.js';
import { RefuseCall } from '../tool-call/refuse-call.js';
import { Conversation } from './conversation.js';
import { type Held, ModelBudget } from './model-budget.js';
import { ModelEndpoint } from './model-endpoint.js';
import { TellTokens } from './tell-tokens.js';
import type { Message } from './transcript.js';
import type { TurnTokens } from './turn-tokens.js';

/**
 * One turn of an agent's model: journal → agent → breaker chain → endpoint → journal. A turn that has ended answers from
 * the journal, so that nobody pays for it twice.
 */
@Injectable()
export class CallModel {
  constructor(
    private readonly db: TenantDb,
    private readonly visits: VisitsRepository,
    private readonly begin: BeginTurn,
    private readonly traces: TracesRepository,
    private readonly conversation: Conversation,
    private readonly endpoint: ModelEndpoint,
    private readonly tokens: TellTokens,
    private readonly guard: BreakerGuard,
    private readonly chain: BreakerChain,
    private readonly tools: ToolCatalog,
    private readonly refuse: RefuseCall,
    private readonly log: ExecutionLog,
    private readonly budget: ModelBudget,
  ) {}

  async run(call: ModelCall): Promise<ModelOutcome> {
    const begun = await this.begin.run(call);
    if (begun.kind === 'completed') return begun;
    const { ref, workflow_chain } = call;
    const chain = await this.chain.of(`agent:${call.agent.id}`, { ref, workflow_chain }, begun.circuit_breaker);
    const admission = await this.guard.acquire(call.ref.tenant_id, chain, {
      level: call.need,
      lease_ms: call.timeout_seconds * 1000,
    });
    if (!admission.admitted) return this.refuse.run(call, admission);
    return this.underPermit(call, begun.attempt, { permit: admission.permit, limits: begun.limits });
  }

  private async underPermit(
    call: ModelCall,
    attempt: number,
    { permit, limits }: { permit: Permit; limits: AgentLimits },
  ): Promise<ModelOutcome> {
    const { tenant_id } = call.ref;
    const tokens = this.tokens.of(call, attempt);
    const began = Date.now();
    try {
      const reply = await this.ask(call, tokens, limits);
      await this.guard.report(tenant_id, permit, 'success', Date.now() - began);
      return { kind: 'completed', reply };
    } catch (error) {
      await this.guard.report(tenant_id, permit, thrownOutcome(permit, error), Date.now() - began);
      throw error;
    } finally {
      await tokens.stop();
    }
  }

  private async ask(call: ModelCall, tokens: TurnTokens, limits: AgentLimits): Promise<ModelReply> {
    const messages = await this.conversation.before(call);
    const held = await this.budget.hold(call, messages, limits);
    try {
      return await this.reply(call, messages, tokens, held);
    } catch (error) {
      await this.budget.release(call.ref.tenant_id, held);
      throw error;
    }
  }

  private async reply(call: ModelCall, messages: Message[], tokens: TurnTokens, held: Held): Promise<ModelReply> {
    const started = new Date();
    const offered = [...(await this.tools.of(call.ref.tenant_id, call.tools)).values()];
    const { model, ...reply } = await this.endpoint.complete(call, messages, offered, {
      signal: Context.current().cancellationSignal,
      heard: (text) => {
        tokens.hear(text);
      },
    });
    await tokens.stop();
    const { ref, node, visit, step, item, told } = call;
    return this.db.run(ref.tenant_id, async () => {
      const settled = await this.visits.settle({
        ...{ execution_id: ref.execution_id, node, visit, step, item, type: 'model' },
        input: { told } as unknown as Json,
        status: 'completed',
        output: reply as unknown as Json,
        error: null,
        started_at: started.toISOString(),
      });
      const said = tokens.rest(reply.text ?? '', settled.visit.attempts);
      await (settled.won ? this.budget.settle(held, reply.usage) : this.budget.release(ref.tenant_id, held));
      if (settled.won) await this.told(call, settled.visit, { model, reply, said, started });
      return settled.visit.output as unknown as ModelReply;
    });
  }

  private async told(
    { ref, agent }: ModelCall,
    row: Visit,
    { model, reply, said, started }: { model: string; reply: ModelReply; said: ExecutionEvent[]; started: Date },
  ): Promise<void> {
    const { finish, usage, calls } = reply;
    await this.traces.add({
      execution_id: ref.execution_id,
      node: row.node,
      visit: row.visit,
      kind: 'llm',
      name: model,
      attributes: {
        ...{ agent_id: agent.id, agent: agent.name, agent_version: agent.version },
        ...{ finish, calls: calls.length, ...usage, attempt: Context.current().info.attempt },
      },
      started_at: started,
      duration_ms: Date.now() - started.getTime(),
      traceparent: ref.traceparent ?? null,
    });
    this.log.append(ref, ...said, nodeComplete(row));
  }
}
