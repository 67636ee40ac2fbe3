import { type Actor, type AgentSpec, invalidField, type ToolSpec } from '@aumos/agf-domain';
import type { SimulationScript, ToolReply } from '@aumos/agf-engine/simulate';
import { modelTurn } from './model-turn.js';
import type { SimulateDto, ToolReplyDto } from './simulate.dto.js';

const ENDS = ['result', 'error', 'refused'] as const;

/** A script as JSON says it. @throws ApiError VALIDATION_ERROR for a reply that ends in no way, or in several */
export function simulationScript(
  body: SimulateDto,
  {
    actor,
    version,
    tools,
    agents,
  }: { actor: Actor; version: number; tools: Record<string, ToolSpec>; agents: Record<string, AgentSpec> },
): SimulationScript {
  const {
    calls = [],
    functions = [],
    models = [],
    signals = [],
    people = [],
    input_data = null,
    initiator_level,
    started_at,
  } = body;
  return {
    tools,
    agents,
    input: input_data,
    calls: calls.map(({ reply, ...answer }, i) => ({ ...answer, reply: replyOf(reply, `calls[${String(i)}]`) })),
    functions: functions.map(({ reply, ...answer }, i) => ({
      ...answer,
      reply: replyOf(reply, `functions[${String(i)}]`),
    })),
    models: models.map(({ turns, ...answer }, i) => ({
      ...answer,
      turns: turns.map((turn, j) => modelTurn(turn, `models[${String(i)}].turns[${String(j)}]`)),
    })),
    signals: signals.map((signal) => ({ ...signal })),
    people: people.map((answer) => ({ ...answer })),
    tenant_id: actor.tenant_id,
    initiator: actor.sub,
    initiator_level: initiator_level ?? actor.privilege_level,
    execution: { version, ...(started_at === undefined ? {} : { started_at }) },
  };
}

function replyOf(reply: ToolReplyDto, of: string): ToolReply {
  const given = ENDS.filter((end) => reply[end] !== undefined);
  if (given.length !== 1) {
    const error = `must have one of ${ENDS.join(', ')}`;
    throw invalidField(`${of}.reply`, error);
  }
  // Plain members alone: what has a class does not travel to the thread as it is.
  return JSON.parse(JSON.stringify(reply)) as ToolReply;
}
