import { type Actor, ApiError, type ToolSpec } from '@aumos/agf-domain';
import type { SimulationScript, ToolReply } from '@aumos/agf-engine/simulate';
import type { SimulateDto, ToolReplyDto } from './simulate.dto.js';

const ENDS = ['result', 'error', 'refused'] as const;

/** A script as JSON says it. @throws ApiError VALIDATION_ERROR for a reply that ends in no way, or in several */
export function simulationScript(
  body: SimulateDto,
  { actor, version, tools }: { actor: Actor; version: number; tools: Record<string, ToolSpec> },
): SimulationScript {
  const { calls = [], people = [], input_data = null, initiator_level, started_at } = body;
  return {
    tools,
    input: input_data,
    calls: calls.map(({ reply, ...answer }, i) => ({ ...answer, reply: replyOf(reply, i) })),
    people: people.map((answer) => ({ ...answer })),
    tenant_id: actor.tenant_id,
    initiator: actor.sub,
    initiator_level: initiator_level ?? actor.privilege_level,
    execution: { version, ...(started_at === undefined ? {} : { started_at }) },
  };
}

function replyOf(reply: ToolReplyDto, index: number): ToolReply {
  const given = ENDS.filter((end) => reply[end] !== undefined);
  if (given.length !== 1) {
    const error = `must have one of ${ENDS.join(', ')}`;
    throw new ApiError('VALIDATION_ERROR', 'The request is not valid.', {
      fields: [{ field: `calls[${String(index)}].reply`, error }],
    });
  }
  // Plain members alone: what has a class does not travel to the thread as it is.
  return JSON.parse(JSON.stringify(reply)) as ToolReply;
}
