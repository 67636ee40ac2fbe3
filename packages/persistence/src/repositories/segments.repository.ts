import { type ExecutionEvent } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { VisitEntity } from '../entities/index.js';
import { jsonbReplacing } from '../json/storable.js';
import { TenantDb } from '../tenant/tenant-db.js';
import type { NewStep } from './steps.repository.js';
import type { NewTrace } from './traces.repository.js';
import type { EndedVisit, Visit } from './visits.mapping.js';

/** What one step of a segment leaves, or a part of a large one. */
export interface SegmentRows {
  execution_id: string;
  visits: readonly EndedVisit[];
  steps: readonly NewStep[];
  traces: readonly NewTrace[];
  /** each names its visit */
  events: readonly ExecutionEvent[];
}

/** Sets the tenant itself. */
const RECORD = 'select agf_record_segment($1, $2, $3, $4, $5, $6) as ended';

/** The journal of steps that a worker runs in one go. Opens its own transactions. */
@Injectable()
export class SegmentsRepository {
  constructor(private readonly db: TenantDb) {}

  /**
   * One transaction in one statement. What cannot be stored of a value is replaced.
   * @returns the visits that somebody else had ended before, as they ended
   */
  async record(tenantId: string, rows: SegmentRows): Promise<Visit[]> {
    const { execution_id, visits, steps, traces, events } = rows;
    const written = [visits, traces, events, steps].map((each) => jsonbReplacing(each));
    const answer = await this.db.sendOne({
      name: 'agf_record_segment',
      text: RECORD,
      values: [tenantId, execution_id, ...written],
    });
    const ended = answer[0]?.['ended'] as { node: string; visit: number }[];
    if (ended.length === visits.length) return [];
    const won = new Set(ended.map(({ node, visit }) => `${node}/${String(visit)}`));
    return this.ended(
      tenantId,
      execution_id,
      visits.filter(({ node, visit }) => !won.has(`${node}/${String(visit)}`)),
    );
  }

  /** Those of the visits that have ended. */
  async ended(
    tenantId: string,
    executionId: string,
    visits: readonly { node: string; visit: number }[],
  ): Promise<Visit[]> {
    const byNode = new Map<string, number[]>();
    for (const { node, visit } of visits) byNode.set(node, [...(byNode.get(node) ?? []), visit]);
    const where = [...byNode].map(([node, of]) => ({ execution_id: executionId, node, visit: In(of) }));
    if (where.length === 0) return [];
    const found = await this.db.run(tenantId, (em) => em.find(VisitEntity, { where }));
    return found.filter(({ status }) => status !== 'running');
  }
}
