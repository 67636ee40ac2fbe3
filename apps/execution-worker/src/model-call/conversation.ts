import { CallerError, jsonSize } from '@aumos/agf-domain';
import {
  AGENT_CONTEXT_LIMIT,
  CALLS_AT_ONCE,
  type AgentAnswer,
  type ModelCall,
  type ModelReply,
} from '@aumos/agf-engine/common';
import { TenantDb, VisitsRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { AgentMemories } from './agent-memories.js';
import { memoryMessages } from './remembered.js';
import { type Message, type PastTurn, transcriptOf } from './transcript.js';

/** Of one call's result; what is longer the model cannot read at once anyway. */
const RESULT_CHARACTERS = 100_000;
/** Of a whole conversation, as JSON. */
const CONVERSATION_BYTES = 2 * 1024 * 1024;

/** What was said and done in an agent's visit before a turn, read from the journal. */
@Injectable()
export class Conversation {
  constructor(
    private readonly db: TenantDb,
    private readonly visits: VisitsRepository,
    private readonly memories: AgentMemories,
  ) {}

  /** @throws CallerError AGENT_CONTEXT_LIMIT, before more of it than that is in memory */
  async before(call: ModelCall): Promise<Message[]> {
    const { ref, node, visit, told } = call;
    const [remembered, past] = await this.db.run(ref.tenant_id, async () => [
      await this.memories.recalled(call),
      await this.visits.conversation({
        ...{ execution_id: ref.execution_id, node, before: visit, characters: RESULT_CHARACTERS },
        told: told.flatMap((answer) => ('at' in answer ? [answer.at] : [])),
        // Each turn, and the calls that it made.
        ...{ rows: visit * (CALLS_AT_ONCE + 1), bytes: CONVERSATION_BYTES },
      }),
    ]);
    if (!past.fits) throw tooLong(past.bytes);
    const turns = past.turns.map(({ input, output }): PastTurn => ({
      told: (input as unknown as { told: AgentAnswer[] }).told,
      reply: output as unknown as ModelReply,
    }));
    const results = new Map(past.results.map((result) => [keyOf(result), result]));
    const messages = transcriptOf(call, turns, (at) => results.get(keyOf(at)), memoryMessages(remembered, call));
    const bytes = jsonSize(messages);
    if (bytes > CONVERSATION_BYTES) throw tooLong(bytes);
    return messages;
  }
}

const keyOf = ({ node, visit }: { node: string; visit: number }): string => `${node}/${String(visit)}`;

const tooLong = (bytes: number): CallerError => {
  const limit = CONVERSATION_BYTES;
  const text = `the conversation is ${String(bytes)} bytes; ${String(limit)} are the most`;
  return new CallerError(AGENT_CONTEXT_LIMIT, text, { bytes, limit });
};
