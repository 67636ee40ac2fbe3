import { type ExecutionEvent } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import { ExecutionEventEntity } from '../entities/index.js';
import { jsonbReplacing } from '../json/storable.js';
import { TenantDb } from '../tenant/tenant-db.js';

const APPEND = 'select agf_append_execution_events($1::uuid, $2::uuid, $3::jsonb)';

export type LoggedEvent = Pick<ExecutionEventEntity, 'seq' | 'type' | 'data' | 'created_at'>;

/** What followers of an execution see. Every method needs an open tenant scope. */
@Injectable()
export class ExecutionLogRepository {
  constructor(private readonly db: TenantDb) {}

  /** At the commit, in this order, after whatever was committed before. What cannot be stored of them is replaced. */
  append(executionId: string, events: readonly ExecutionEvent[]): void {
    if (events.length === 0) return;
    this.db.atCommit({
      name: 'agf_append_log',
      text: APPEND,
      values: [this.db.tenantId, executionId, jsonbReplacing(events)],
    });
  }

  /** What was logged after the entry `seq`, oldest first, at most so many. */
  async after(executionId: string, seq: number, most: number): Promise<LoggedEvent[]> {
    return this.db.em.find(ExecutionEventEntity, {
      where: { execution_id: executionId, seq: MoreThan(seq) },
      order: { seq: 'ASC' },
      take: most,
    });
  }
}
