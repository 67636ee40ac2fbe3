import { type BreakerKey } from '@aumos/agf-domain';
import { breakerView, type BreakerView } from './breaker-view.js';
import { type KeyRange } from './redis/key-range.js';
import { type RedisBreakers } from './redis/redis-breakers.js';
import { within } from './redis/within.js';

/** A page has fewer than asked for where records expired; it is the last one when `next` is null. */
export interface ListedBreakers {
  breakers: BreakerView[];
  next: BreakerKey | null;
}

/** One script holds Redis up for less than a millisecond. */
const MOST = 1_000;

/** The states as Redis has them. Every method throws when it does not answer. */
export class BreakerReader {
  constructor(
    private readonly breakers: RedisBreakers,
    private readonly patienceMs: number,
  ) {}

  async named(tenantId: string, keys: readonly BreakerKey[]): Promise<BreakerView[]> {
    const views: BreakerView[] = [];
    for (let i = 0; i < keys.length; i += MOST) {
      const asked = this.breakers.read(tenantId, keys.slice(i, i + MOST));
      const { now, breakers } = await within(this.patienceMs, asked);
      views.push(...breakers.map(({ key, record }) => breakerView(key, record, now)));
    }
    return views;
  }

  async all(tenantId: string): Promise<BreakerView[]> {
    const views: BreakerView[] = [];
    let after: BreakerKey | undefined;
    do {
      const page = await this.page(tenantId, { limit: MOST, ...(after && { after }) });
      views.push(...page.breakers);
      after = page.next ?? undefined;
    } while (after);
    return views;
  }

  async page(tenantId: string, range: KeyRange): Promise<ListedBreakers> {
    const asked = this.breakers.list(tenantId, { ...range, limit: Math.min(range.limit, MOST) });
    const { now, breakers, next } = await within(this.patienceMs, asked);
    return { breakers: breakers.map(({ key, record }) => breakerView(key, record, now)), next };
  }
}
