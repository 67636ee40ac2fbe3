import { effectKey, ToolError, type ToolSpec } from '@aumos/agf-domain';
import { MODEL_TIMEOUT, MODEL_UNAVAILABLE, type ModelCall, type ModelReply } from '@aumos/agf-engine/common';
import { SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable } from '@nestjs/common';
import OpenAI from 'openai';
import type { WorkerSettings } from '../config.js';
import { modelClient } from './model-client.js';
import { modelError } from './model-error.js';
import { readAnswer } from './read-answer.js';
import { readReply } from './read-reply.js';
import type { Message } from './transcript.js';

type Request = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming;

interface Asking {
  signal: AbortSignal;
  /** gets the text as it comes */
  heard: (text: string) => void;
}

/** The platform's OpenAI-compatible endpoint. Without one set, every turn fails with MODEL_UNAVAILABLE. */
@Injectable()
export class ModelEndpoint {
  private readonly client: OpenAI | null;

  constructor(@Inject(SETTINGS) private readonly settings: WorkerSettings) {
    this.client = modelClient(settings);
  }

  /** One turn. @throws ToolError, retryable where asking again may help */
  async complete(
    call: ModelCall,
    messages: Message[],
    tools: readonly ToolSpec[],
    { signal, heard }: Asking,
  ): Promise<ModelReply & { model: string }> {
    const model = modelOf(call.agent, this.settings);
    if (!this.client) throw new ToolError(MODEL_UNAVAILABLE, 'no endpoint of models is set');
    if (!model) throw new ToolError(MODEL_UNAVAILABLE, `the agent ${call.agent.name} names no model`);
    const late = AbortSignal.timeout(call.timeout_seconds * 1000);
    try {
      const asked = this.client.chat.completions.create(requestOf(call, { model, messages, tools }), {
        signal: AbortSignal.any([signal, late]),
        // Later than that signal: its own would not tell which of them it was.
        timeout: call.timeout_seconds * 1000 + 10_000,
        headers: {
          'X-Tenant-ID': call.ref.tenant_id,
          'Idempotency-Key': effectKey(call.ref.execution_id, call.node, call.visit),
        },
      });
      // The library's own reading takes a broken off answer for a whole one, and a whole one for none.
      const completion = await readAnswer(await asked.asResponse(), heard);
      return { ...readReply(completion, call.visit), model };
    } catch (error) {
      signal.throwIfAborted();
      if (late.aborted) throw new ToolError(MODEL_TIMEOUT, 'the model did not answer in time', true);
      throw modelError(error);
    }
  }
}

/** The endpoint's name of the model that an agent speaks by; null: nobody names one. */
export const modelOf = ({ model }: ModelCall['agent'], { llmModel }: Pick<WorkerSettings, 'llmModel'>): string | null =>
  model ?? llmModel ?? null;

function requestOf(
  { agent, response_schema: schema }: ModelCall,
  { model, messages, tools }: { model: string; messages: Message[]; tools: readonly ToolSpec[] },
): Request {
  return {
    model,
    messages,
    stream: true,
    stream_options: { include_usage: true },
    ...(agent.limits.max_tokens === undefined ? {} : { max_tokens: agent.limits.max_tokens }),
    ...(tools.length === 0 ? {} : { tools: tools.map(toolOf) }),
    ...(typeof schema !== 'object'
      ? {}
      : { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { ...schema } } } }),
  };
}

const toolOf = ({ name, description, input_schema }: ToolSpec): OpenAI.Chat.Completions.ChatCompletionTool => ({
  type: 'function',
  function: {
    name,
    description,
    parameters: typeof input_schema === 'object' ? { ...input_schema } : { type: 'object' },
  },
});
