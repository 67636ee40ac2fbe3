import { type ExecutionEvent } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { VisitEntity } from '../entities/index.js';
import { jsonbReplacing } from '../json/storable.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { RECORD_SEGMENT } from './segments.sql.js';
import type { NewStep } from './steps.repository.js';
import { RECORD_STEPS } from './steps.sql.js';
import type { NewTrace } from './traces.repository.js';
import { type EndedVisit, toRow, type Visit } from './visits.mapping.js';

/** What one step of a segment leaves, or a part of a large one. */
export interface SegmentRows {
  execution_id: string;
  visits: readonly EndedVisit[];
  steps: readonly NewStep[];
  traces: readonly NewTrace[];
  /** each names its visit */
  events: readonly ExecutionEvent[];
}

/** The journal of steps that a worker runs in one go. Opens its own transactions. */
@Injectable()
export class SegmentsRepository {
  constructor(private readonly db: TenantDb) {}

  /**
   * One transaction in one write. What cannot be stored of a value is replaced.
   * @returns the visits that somebody else had ended before, as they ended
   */
  async record(tenantId: string, rows: SegmentRows): Promise<Visit[]> {
    const { execution_id, visits, steps, traces, events } = rows;
    const written = jsonbReplacing(visits.map((visit) => toRow(visit, tenantId)));
    const values = [written, tenantId, execution_id, jsonbReplacing(traces), jsonbReplacing(events)];
    const [[answer]] = (await this.db.send(tenantId, [
      { name: 'agf_record_segment', text: RECORD_SEGMENT, values },
      { name: 'agf_record_steps', text: RECORD_STEPS, values: [tenantId, execution_id, jsonbReplacing(steps)] },
    ])) as [[{ won: { node: string; visit: number }[] }], unknown[]];
    if (answer.won.length === visits.length) return [];
    const won = new Set(answer.won.map(({ node, visit }) => `${node}/${String(visit)}`));
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
