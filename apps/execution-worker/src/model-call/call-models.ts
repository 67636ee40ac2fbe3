import {
  type AgentLimits,
  CallerError,
  effectKey,
  type ModelNeed,
  type ModelUse,
  storableJson,
  type ToolAnswer,
  ToolError,
  type ToolMemory,
} from '@aumos/agf-domain';
import { MODEL_UNAVAILABLE, type ToolCall } from '@aumos/agf-engine/common';
import { agentSpecOf, AgentsRepository, MemoriesRepository, TenantDb } from '@aumos/agf-persistence';
import { SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable } from '@nestjs/common';
import type OpenAI from 'openai';
import type { WorkerSettings } from '../config.js';
import { BYTES_A_TOKEN, ModelBudget } from './model-budget.js';
import { modelClient } from './model-client.js';
import { modelError } from './model-error.js';
import { readReply } from './read-reply.js';
import { readVectors } from './read-vectors.js';

/** Whose budget it is where no agent chose the call: nobody's. */
const NO_AGENT = '00000000-0000-0000-0000-000000000000';
/** ms, of one request */
const TIMEOUT = 120_000;
/** Texts of one request. */
const BATCH = 100;

/** Models for tools: by the agents' endpoint, out of the agents' budgets. */
@Injectable()
export class CallModels {
  private readonly client: OpenAI | null;

  constructor(
    private readonly db: TenantDb,
    private readonly agents: AgentsRepository,
    private readonly longTerm: MemoriesRepository,
    private readonly budget: ModelBudget,
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
  ) {
    this.client = modelClient(settings);
  }

  async use<T>(
    call: ToolCall,
    { kind, bytes, output_tokens }: ModelNeed,
    signal: AbortSignal,
    work: (models: ModelUse) => Promise<T>,
  ): Promise<T> {
    const { client } = this;
    const model = kind === 'chat' ? this.settings.llmModel : this.settings.llmEmbeddingModel;
    if (!client) throw new ToolError(MODEL_UNAVAILABLE, 'no endpoint of models is set');
    if (!model) throw new ToolError(MODEL_UNAVAILABLE, `no model is set for ${kind}`);
    const { tenant_id, execution_id, ancestors } = call.ref;
    const turn = {
      ...{ execution_id, node: call.node, visit: call.visit, agent_id: call.agent?.id ?? NO_AGENT },
      root_execution_id: ancestors?.[0]?.execution_id ?? execution_id,
    };
    const need = { input_tokens: Math.ceil(bytes / BYTES_A_TOKEN), output_tokens };
    const limits = await this.limitsOf(call);
    const terms = { model, used: need, limits, seconds: call.timeout_seconds };
    const held = await this.budget.holdFor(tenant_id, turn, terms);
    const meter = new Meter();
    try {
      return await work(this.modelsOf(call, { client, model, meter, signal }));
    } finally {
      // What was used is used, also where the work failed.
      if (meter.used) await this.db.run(tenant_id, () => this.budget.settle(held, meter.usage));
      else await this.budget.release(tenant_id, held);
    }
  }

  private modelsOf(
    call: ToolCall,
    { client, model, meter, signal }: { client: OpenAI; model: string; meter: Meter; signal: AbortSignal },
  ): ModelUse {
    const { ref, node, visit } = call;
    const options = () => ({
      signal,
      timeout: TIMEOUT,
      headers: {
        'X-Tenant-ID': ref.tenant_id,
        'Idempotency-Key': `${effectKey(ref.execution_id, node, visit)}/${String(meter.requests())}`,
      },
    });
    const asked = async <R>(request: () => Promise<R>): Promise<R> => {
      try {
        return await request();
      } catch (error) {
        signal.throwIfAborted();
        throw modelError(error);
      }
    };
    return {
      async answer({ instructions, text, max_tokens }): Promise<ToolAnswer> {
        const messages = [
          { role: 'system' as const, content: instructions },
          { role: 'user' as const, content: text },
        ];
        const completion = await asked(() =>
          client.chat.completions.create({ model, messages, max_tokens }, options()),
        );
        const reply = readReply(completion, 1);
        meter.add(reply.usage);
        if (reply.finish === 'refused') throw new CallerError('MODEL_REFUSED', 'the model does not do this');
        if (reply.text === null || reply.text.trim() === '')
          throw new ToolError('MODEL_ERROR', 'the endpoint answered without a text', true);
        return { text: storableJson(reply.text), cut: reply.finish === 'length' };
      },
      async embed(texts): Promise<number[][]> {
        const vectors: number[][] = [];
        for (let at = 0; at < texts.length; at += BATCH) {
          const input = texts.slice(at, at + BATCH);
          const answer: unknown = await asked(() =>
            client.embeddings.create({ model, input, encoding_format: 'float' }, options()),
          );
          const read = readVectors(answer, input.length, vectors[0]?.length);
          meter.add({ input_tokens: read.tokens, output_tokens: 0 });
          vectors.push(...read.vectors);
        }
        return vectors;
      },
      memories: (vector, most) => this.memories(call, { vector, most, model }),
    };
  }

  private async memories(
    { ref, agent }: ToolCall,
    { vector, most, model }: { vector: readonly number[]; most: number; model: string },
  ): Promise<ToolMemory[]> {
    if (!agent) throw new CallerError('NO_AGENT', 'memories are those of the agent that chose the call: none did');
    const search = { agent_id: agent.id, embedding: vector, embedding_model: model, most };
    const { items } = await this.db.run(ref.tenant_id, () => this.longTerm.search(search));
    return items.map(({ id, text, metadata, similarity }) => ({ id, text, metadata, similarity }));
  }

  private async limitsOf({ ref, agent }: ToolCall): Promise<AgentLimits> {
    const row = agent && (await this.db.run(ref.tenant_id, () => this.agents.get(agent.id)));
    return row ? agentSpecOf(row).limits : {};
  }
}

/** What several requests of one call used. */
class Meter {
  used = false;
  #input = 0;
  #output = 0;
  #known = false;
  #requests = 0;

  add({ input_tokens, output_tokens }: { input_tokens: number | null; output_tokens: number | null }): void {
    this.used = true;
    this.#known ||= input_tokens !== null || output_tokens !== null;
    this.#input += input_tokens ?? 0;
    this.#output += output_tokens ?? 0;
  }

  requests(): number {
    return ++this.#requests;
  }

  /** Nulls: the endpoint never said. */
  get usage(): { input_tokens: number | null; output_tokens: number | null } {
    return this.#known
      ? { input_tokens: this.#input, output_tokens: this.#output }
      : { input_tokens: null, output_tokens: null };
  }
}
