import type { AgentNode, Json } from '@aumos/agf-domain/runtime';
import { MODEL_TIMEOUT, type ModelCall, type ModelOutcome, type ModelReply } from '../common/index.js';
import { turnSchedule, turnTimeoutSeconds } from '../workflow/run/call-policy.js';
import type { ModelTurn, ToolReply } from './script.js';
import { failed, simulateAttempts } from './simulate-attempts.js';

/** One turn of a model, with the node's retries. @throws NodeError */
export async function simulateTurn(
  call: ModelCall,
  node: AgentNode,
  outside: { turn: () => ModelTurn; wait: (ms: number) => Promise<void> },
): Promise<ModelOutcome> {
  const outcome = await simulateAttempts(
    call,
    {
      name: `agent ${call.agent.name}`,
      breaker: `agent:${call.agent.id}`,
      schedule: turnSchedule(node),
      limitMs: turnTimeoutSeconds(node) * 1000,
      refusal: () => undefined,
      timedOut: () => failed(MODEL_TIMEOUT, 'The model did not answer in time', true),
      completed: (result) => ({ kind: 'completed', result }),
    },
    { reply: () => replyOf(outside.turn(), call.visit), wait: outside.wait },
  );
  if (outcome.kind === 'refused') return outcome;
  return { kind: 'completed', reply: outcome.result as unknown as ModelReply };
}

function replyOf(turn: ModelTurn, n: number): ToolReply {
  if ('error' in turn || 'refused' in turn) return turn;
  const { takes_ms = 0 } = turn;
  return { result: saidIn(turn, n) as unknown as Json, takes_ms };
}

function saidIn(turn: Exclude<ModelTurn, { error: unknown } | { refused: unknown }>, n: number): ModelReply {
  const usage = { input_tokens: null, output_tokens: null };
  if (!('calls' in turn)) {
    const text = 'json' in turn ? JSON.stringify(turn.json) : turn.text;
    return { text, calls: [], finish: 'stop', usage };
  }
  const calls = turn.calls.map(({ tool, arguments: given = {}, id }, i) => ({
    id: id ?? `${String(n)}.${String(i + 1)}`,
    name: tool,
    arguments: given,
  }));
  return { text: turn.text ?? null, calls, finish: 'calls', usage };
}
