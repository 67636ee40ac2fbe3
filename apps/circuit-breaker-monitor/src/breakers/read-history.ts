import { BreakersRepository, TenantDb } from '@aumos/agf-persistence';
import { type Page, pageOf, type PageQuery } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { transitionView } from './breaker.convert.js';
import type { TransitionView } from './breaker.view.js';
import { FindBreaker } from './find-breaker.js';

/** A breaker's changes, newest first unless asked otherwise. */
@Injectable()
export class ReadHistory {
  constructor(
    private readonly db: TenantDb,
    private readonly find: FindBreaker,
    private readonly breakers: BreakersRepository,
  ) {}

  /** @throws ApiError NOT_FOUND */
  async run(tenantId: string, text: string, query: PageQuery): Promise<Page<TransitionView>> {
    const key = await this.find.key(tenantId, text);
    const { items, total } = await this.db.run(tenantId, () => this.breakers.history(key, query));
    return pageOf(items.map(transitionView), total, query);
  }
}
