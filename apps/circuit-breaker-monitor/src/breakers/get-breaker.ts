import { type BreakerKey, chainTree, type ChainTree } from '@aumos/agf-domain';
import { BreakersRepository, PublishedRepository, TenantDb, WorkflowOutcomesRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { kindOf, subjectOf } from './breaker-key.js';
import { breakerView, chainView, keysOf, outcomesView, transitionView } from './breaker.convert.js';
import type { BreakerDetailView } from './breaker.view.js';
import { FindBreaker } from './find-breaker.js';
import { ReadFacts } from './read-facts.js';
import { ReadStates } from './read-states.js';

const HISTORY = 50;

/** One breaker, with its history and the breakers above and below it. */
@Injectable()
export class GetBreaker {
  constructor(
    private readonly db: TenantDb,
    private readonly find: FindBreaker,
    private readonly breakers: BreakersRepository,
    private readonly outcomes: WorkflowOutcomesRepository,
    private readonly published: PublishedRepository,
    private readonly facts: ReadFacts,
    private readonly states: ReadStates,
  ) {}

  /** @throws ApiError NOT_FOUND; SERVICE_UNAVAILABLE while Redis is away */
  async run(tenantId: string, text: string): Promise<BreakerDetailView> {
    const state = await this.find.run(tenantId, text);
    const { key } = state;
    const known = await this.db.run(tenantId, async () => {
      const tree = await this.chain(key);
      const beside = [...new Set([...keysOf(tree.callers), ...keysOf(tree.callees)])];
      return {
        tree,
        beside,
        history: (await this.breakers.history(key, { page_size: HISTORY })).items,
        outcomes: kindOf(key) === 'workflow' ? await this.outcomes.get(subjectOf(key)) : null,
        marks: await this.facts.marks(),
        names: await this.facts.names([key, ...beside]),
      };
    });
    const states = await this.states.run(tenantId, known.beside);
    const stateOf = new Map(states.map((each) => [each.key, each]));
    return {
      ...breakerView(state, { ...known.marks, names: known.names }),
      history: known.history.map(transitionView),
      outcomes: known.outcomes && outcomesView(known.outcomes),
      chain: chainView(known.tree, stateOf, known.names),
    };
  }

  private async chain(key: BreakerKey): Promise<ChainTree> {
    const { workflows, agents } = await this.published.newest();
    return chainTree(key, workflows, agents);
  }
}
