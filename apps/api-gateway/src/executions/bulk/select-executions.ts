import { ApiError, type ExecutionStatus } from '@aumos/agf-domain';
import { ExecutionsRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { withDates } from '../with-dates.js';
import type { BulkDto } from './bulk.dto.js';
import type { BulkPreviewView } from './bulk.view.js';

/** What one request does something to. */
const AT_MOST = 1_000;
const SAMPLE = 20;

export interface Selection {
  total: number;
  /** oldest first, all of them */
  ids: string[];
}

/** The tenant's executions that a bulk request is for. */
@Injectable()
export class SelectExecutions {
  constructor(
    private readonly db: TenantDb,
    private readonly executions: ExecutionsRepository,
  ) {}

  /**
   * @param statuses to which it can be done @param most ids, the oldest
   * @throws ApiError COUNT_DIFFERS; TOO_MANY_MATCHES for more than 1,000, unless it is a dry run
   */
  async of(
    tenantId: string,
    { filter, dry_run, expected_count }: BulkDto,
    statuses: readonly ExecutionStatus[],
    most = AT_MOST,
  ): Promise<Selection> {
    const found = await this.db.run(tenantId, () => this.executions.matching(withDates(filter), statuses, most));
    const { total } = found;
    if (expected_count !== undefined && expected_count !== total)
      throw new ApiError('COUNT_DIFFERS', `${String(total)} executions match.`, { matches: total, expected_count });
    if (!dry_run && total > AT_MOST)
      throw new ApiError('TOO_MANY_MATCHES', `More than ${String(AT_MOST)} executions match.`, { matches: total });
    return found;
  }

  /** How many match, and the oldest of them. @throws ApiError COUNT_DIFFERS */
  async preview(tenantId: string, body: BulkDto, statuses: readonly ExecutionStatus[]): Promise<BulkPreviewView> {
    const { total, ids } = await this.of(tenantId, body, statuses, SAMPLE);
    return { matches: total, sample: ids };
  }
}
