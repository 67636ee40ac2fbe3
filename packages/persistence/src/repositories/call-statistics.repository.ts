import { type BreakerKey, durationBucket } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { type CallStatisticsEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { BUSIEST, COUNT, SUMMARY, TIMES } from './call-statistics.sql.js';

type Counts = Pick<CallStatisticsEntity, 'started' | 'completed' | 'failed' | 'cancelled' | 'paused' | 'invoked'>;
/** Something that happened, as it is counted. */
export type Happening = Partial<Counts> & {
  /** of a failure */
  code?: string;
  /** of what ended */
  duration_ms?: number;
};
/** All of a time. */
export type CallSummary = Counts & Pick<CallStatisticsEntity, 'failures' | 'durations'>;

export interface BreakerTimes {
  /** how often one left closed */
  opened: number;
  /** of all together */
  open_seconds: number;
  /** how often probes closed one */
  recovered: number;
  /** from leaving closed to being closed by probes; null where none was */
  mean_time_to_recover_seconds: number | null;
}

/** What workflows and agents did, by the hour (UTC). Needs an open tenant scope: to count, the inbox's. */
@Injectable()
export class CallStatisticsRepository {
  constructor(private readonly db: TenantDb) {}

  /** Counts it for each of these. Codes beyond the fiftieth of an hour are counted as `OTHER`. */
  async count(keys: readonly BreakerKey[], happening: Happening, at: Date): Promise<void> {
    const { started = 0, completed = 0, failed = 0, cancelled = 0, paused = 0, invoked = 0 } = happening;
    const { code = null, duration_ms } = happening;
    const bucket = duration_ms === undefined ? null : String(durationBucket(duration_ms));
    const counts = [started, completed, failed, cancelled, paused, invoked];
    await this.db.em.query(COUNT, [this.db.tenantId, keys, at, ...counts, code, bucket]);
  }

  /** Since the hour of a time, of these together; null: of every workflow of the tenant. */
  async of(since: Date, keys: readonly BreakerKey[] | null): Promise<CallSummary> {
    const [row] = await this.db.em.query<CallSummary[]>(SUMMARY, [since, keys]);
    return row!;
  }

  /** Those with most failures, then with most calls. */
  async busiest(since: Date, most: number): Promise<BreakerKey[]> {
    const rows = await this.db.em.query<{ circuit_key: BreakerKey }[]>(BUSIEST, [since, most]);
    return rows.map(({ circuit_key }) => circuit_key);
  }

  /** How long breakers were open; null: all of the tenant's. */
  async times(from: Date, until: Date, key: BreakerKey | null): Promise<BreakerTimes> {
    const [row] = await this.db.em.query<BreakerTimes[]>(TIMES, [from, until, key]);
    return row!;
  }
}
