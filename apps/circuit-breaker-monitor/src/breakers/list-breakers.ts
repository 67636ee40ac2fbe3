import type { BreakerKey } from '@aumos/agf-domain';
import { TenantDb } from '@aumos/agf-persistence';
import { offsetOf, type Page, pageOf } from '@aumos/agf-platform';
import type { BreakerView as GuardView } from '@aumos/agf-resilience';
import { Injectable } from '@nestjs/common';
import { kindOf } from './breaker-key.js';
import { type BreakerFacts, breakerView } from './breaker.convert.js';
import type { BreakersQueryDto } from './breaker.dto.js';
import type { BreakerView } from './breaker.view.js';
import { ReadFacts } from './read-facts.js';
import { ReadStates } from './read-states.js';

type Marks = Omit<BreakerFacts, 'names'>;

/** What Redis knows of, and what is isolated. The states are those of now: nothing is kept from one page to the next. */
@Injectable()
export class ListBreakers {
  constructor(
    private readonly db: TenantDb,
    private readonly states: ReadStates,
    private readonly facts: ReadFacts,
  ) {}

  /** By key, unless asked otherwise. @throws ApiError SERVICE_UNAVAILABLE while Redis is away */
  async run(tenantId: string, query: BreakersQueryDto): Promise<Page<BreakerView>> {
    const { text } = query;
    const [marks, named] = await this.db.run(tenantId, async (): Promise<[Marks, Set<BreakerKey>]> => [
      await this.facts.marks(),
      text === undefined ? new Set<BreakerKey>() : await this.facts.named(text),
    ]);
    const matches = matching(query, marks, named);
    const all = (await this.everyState(tenantId, marks)).filter(matches).sort(ORDERS[query.sort_by]);
    if (query.sort_order === 'desc') all.reverse();
    const start = offsetOf(query);
    const shown = all.slice(start, start + query.page_size);
    const names = await this.db.run(tenantId, () => this.facts.names(shown.map(({ key }) => key)));
    return pageOf(
      shown.map((state) => breakerView(state, { ...marks, names })),
      all.length,
      query,
    );
  }

  private async everyState(tenantId: string, { isolations }: Marks): Promise<GuardView[]> {
    const all = await this.states.run(tenantId);
    const known = new Set(all.map(({ key }) => key));
    const unknown = [...isolations.keys()].filter((key) => !known.has(key));
    return unknown.length === 0 ? all : [...all, ...(await this.states.run(tenantId, unknown))];
  }
}

const byKey = (a: GuardView, b: GuardView): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
/** Equal ones in the order of their keys; what never changed its state comes first by time. */
const ORDERS: Record<BreakersQueryDto['sort_by'], (a: GuardView, b: GuardView) => number> = {
  circuit_key: byKey,
  failure_count: (a, b) => a.failure_count - b.failure_count || byKey(a, b),
  since: (a, b) => Date.parse(a.since ?? EPOCH) - Date.parse(b.since ?? EPOCH) || byKey(a, b),
};
const EPOCH = '1970-01-01T00:00:00Z';

function matching(
  query: BreakersQueryDto,
  marks: Marks,
  named: ReadonlySet<BreakerKey>,
): (state: GuardView) => boolean {
  const text = query.text?.toLowerCase();
  return ({ key, state }) =>
    (query.state === undefined || state === query.state) &&
    (query.kind === undefined || kindOf(key) === query.kind) &&
    (query.isolated === undefined || marks.isolations.has(key) === query.isolated) &&
    (query.anomaly === undefined || marks.anomalies.get(key)?.includes(query.anomaly) === true) &&
    (text === undefined || key.toLowerCase().includes(text) || named.has(key));
}
