import { BreakersRepository, TenantDb, WorkflowOutcomesRepository } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { breakerKeyOf } from './breaker-key.js';
import { breakerView, outcomesView, transitionView } from './breaker.convert.js';
import type { BreakerDetailView } from './breaker.view.js';
import { ReadStates } from './read-states.js';

const HISTORY = 50;

/** One breaker, with its history; one that nothing was ever asked of does not exist. */
@Injectable()
export class GetBreaker {
  constructor(
    private readonly db: TenantDb,
    private readonly breakers: BreakersRepository,
    private readonly outcomes: WorkflowOutcomesRepository,
    private readonly states: ReadStates,
  ) {}

  async run(tenantId: string, text: string): Promise<BreakerDetailView> {
    const key = breakerKeyOf(text);
    const known = (await this.states.run(tenantId)).find((state) => state.key === key);
    return this.db.run(tenantId, async () => {
      const { items } = await this.breakers.history(key, { page_size: HISTORY });
      const ended = key.startsWith('workflow:') ? await this.outcomes.get(key.slice('workflow:'.length)) : null;
      if (!known && items.length === 0 && !ended) throw notFound();
      const [state] = known ? [known] : await this.states.run(tenantId, [key]);
      return {
        ...breakerView(state!),
        history: items.map(transitionView),
        outcomes: ended && outcomesView(ended),
      };
    });
  }
}
