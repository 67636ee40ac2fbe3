import { type Page, offsetOf, pageOf } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { breakerView } from './breaker.convert.js';
import type { BreakersQueryDto } from './breaker.dto.js';
import type { BreakerView } from './breaker.view.js';
import { ReadStates } from './read-states.js';

@Injectable()
export class ListBreakers {
  constructor(private readonly states: ReadStates) {}

  /** By key, unless asked otherwise. */
  async run(tenantId: string, query: BreakersQueryDto): Promise<Page<BreakerView>> {
    const all = (await this.states.run(tenantId)).filter(({ state }) => !query.state || state === query.state);
    // By key they come: equal counts stay in that order.
    if (query.sort_by === 'failure_count') all.sort((a, b) => a.failure_count - b.failure_count);
    if (query.sort_order === 'desc') all.reverse();
    const start = offsetOf(query);
    return pageOf(all.slice(start, start + query.page_size).map(breakerView), all.length, query);
  }
}
