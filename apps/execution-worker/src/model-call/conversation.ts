import { type Json } from '@aumos/agf-domain';
import type { AgentAnswer, ModelCall, ModelReply } from '@aumos/agf-engine/common';
import { TenantDb, VisitsRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { type Message, type PastTurn, transcriptOf } from './transcript.js';

/** What was said and done in an agent's visit before a turn, read from the journal. */
@Injectable()
export class Conversation {
  constructor(
    private readonly db: TenantDb,
    private readonly visits: VisitsRepository,
  ) {}

  async before(call: ModelCall): Promise<Message[]> {
    const { tenant_id, execution_id } = call.ref;
    return this.db.run(tenant_id, async () => {
      const turns = await this.visits.completedOf(execution_id, [call.node]);
      const past = turns
        .filter(({ visit }) => visit < call.visit)
        .sort((a, b) => a.visit - b.visit)
        .map(({ input, output }): PastTurn => ({
          told: (input as unknown as { told: AgentAnswer[] }).told,
          reply: output as unknown as ModelReply,
        }));
      const results = await this.results(execution_id, [...past.flatMap(({ told }) => told), ...call.told]);
      return transcriptOf(call, past, ({ node, visit }) => results.get(`${node}/${String(visit)}`));
    });
  }

  private async results(execution_id: string, answers: readonly AgentAnswer[]): Promise<Map<string, Json>> {
    const nodes = new Set(answers.flatMap((answer) => ('at' in answer ? [answer.at.node] : [])));
    const made = await this.visits.completedOf(execution_id, [...nodes]);
    return new Map(made.map(({ node, visit, output }) => [`${node}/${String(visit)}`, output]));
  }
}
