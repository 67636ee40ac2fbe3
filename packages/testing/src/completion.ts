import type { ModelSaid } from './model-server.js';

interface Completion {
  id: string;
  object: string;
  created: number;
  model: string;
  choices: [
    {
      index: 0;
      message: { role: string; content: string | null; refusal: string | null; tool_calls?: CompletionCall[] };
      finish_reason: string;
      logprobs: null;
    },
  ];
  usage: object;
}

interface CompletionCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

/** As OpenAI's protocol has it without streaming. */
export function completion(model: string, { text, refusal, calls = [], finish, usage }: ModelSaid): Completion {
  const tool_calls = calls.map(({ id, name, arguments: given = {} }, i): CompletionCall => ({
    id: id ?? `call_${String(i + 1)}`,
    type: 'function',
    function: { name, arguments: typeof given === 'string' ? given : JSON.stringify(given) },
  }));
  const message = {
    role: 'assistant',
    content: text ?? null,
    refusal: refusal ?? null,
    ...(tool_calls.length > 0 ? { tool_calls } : {}),
  };
  const finish_reason = finish ?? (tool_calls.length > 0 ? 'tool_calls' : 'stop');
  const { prompt_tokens, completion_tokens } = usage ?? { prompt_tokens: 7, completion_tokens: 3 };
  return {
    ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1_767_225_600, model },
    choices: [{ index: 0, message, finish_reason, logprobs: null }],
    usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
  };
}
