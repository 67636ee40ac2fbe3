import { type ExecutionStatus } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { type ApprovalDecisionEntity, type ApprovalEntity, ExecutionEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { type ApprovalResult, toResult } from './approvals.mapping.js';
import { APPROVALS, OWN_VISITS, SIZES, STORED_BYTES, WRITTEN_BYTES } from './recordings.sql.js';
import { VISIT_COLUMNS, type Visit } from './visits.mapping.js';

export type RecordingHead = Pick<
  ExecutionEntity,
  'id' | 'workflow_id' | 'workflow_version' | 'status' | 'started_at' | 'origin_step'
>;

const HEAD = { id: true, workflow_id: true, workflow_version: true, status: true } as const;
const ENDED: readonly ExecutionStatus[] = ['completed', 'failed'];
export type RecordingApproval = Pick<
  ApprovalEntity,
  'id' | 'node' | 'visit' | 'gate_name' | 'privilege_level' | 'approvals_required' | 'tool' | 'arguments'
> & { result: ApprovalResult | null };

type Row = Omit<RecordingApproval, 'result'> &
  Pick<ApprovalEntity, 'status' | 'decided_at' | 'decision_notes' | 'given'> & {
    votes: Pick<ApprovalDecisionEntity, 'actor' | 'decision'>[];
  };

export interface RecordingSize {
  /** visits, approvals and signals */
  rows: number;
  /** of their values and the execution's own, written out; more than what was asked about: at least so many */
  bytes: number;
}

/** Executions as whoever compares or repeats them reads them: whole, one at a time. Every method needs an open tenant scope. */
@Injectable()
export class RecordingsRepository {
  constructor(private readonly db: TenantDb) {}

  async head(id: string): Promise<RecordingHead | null> {
    const [head] = await this.db.em.find(ExecutionEntity, {
      select: { ...HEAD, started_at: true, origin_step: true },
      where: { id },
    });
    return head ?? null;
  }

  /** Those that completed or failed, the newest first. */
  async newest(workflow_id: string, most: number): Promise<RecordingHead[]> {
    return this.db.em.find(ExecutionEntity, {
      select: { ...HEAD, started_at: true, origin_step: true },
      where: { workflow_id, status: In(ENDED) },
      order: { created_at: 'DESC', id: 'DESC' },
      take: most,
    });
  }

  /**
   * What reading it would take, without reading it. What is stored is told without being unpacked; only where that is
   * within the limit, it is measured as it would be written.
   */
  async sizeOf(executionId: string, mostBytes: number): Promise<RecordingSize> {
    const measure = async (bytes: string): Promise<RecordingSize> => {
      const [size] = await this.db.em.query<{ rows: number; bytes: string }[]>(SIZES(bytes), [executionId]);
      return { rows: size?.rows ?? 0, bytes: Number(size?.bytes ?? 0) };
    };
    const stored = await measure(STORED_BYTES);
    return stored.bytes > mostBytes ? stored : measure(WRITTEN_BYTES);
  }

  /** In the order they were reached, without those inside of agents and graphs. */
  async visitsOf(executionId: string): Promise<Visit[]> {
    const statement = `select ${VISIT_COLUMNS} from agf_node_visits v where ${OWN_VISITS} order by step, started_at, node, visit`;
    return this.db.em.query<Visit[]>(statement, [executionId]);
  }

  /** Its own, not those of the executions below it, with what was decided. */
  async approvalsOf(executionId: string): Promise<RecordingApproval[]> {
    const rows = await this.db.em.query<Row[]>(APPROVALS, [executionId]);
    return rows.map(({ status, decided_at, decision_notes, given, votes, ...asked }) => ({
      ...asked,
      result: toResult({ ...asked, status, decided_at, decision_notes, given }, votes),
    }));
  }
}
