import { isEnded } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { ExecutionEntity, ExecutionPauseEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne, lockOne } from './find.js';
import { QuotaRepository } from './quota.repository.js';
import { change, insert, type Values } from './write.js';

/** While it runs: a child never does. */
const holdsSlot = ({ depth, waiting }: Pick<ExecutionEntity, 'depth' | 'waiting'>): boolean => depth === 0 && !waiting;

/**
 * Pauses of executions for approvals, several at once. Repeatable, and in any order: each approval pauses and resumes
 * its execution once, however often and late it is told. Every method needs an open tenant scope.
 */
@Injectable()
export class PausesRepository {
  private readonly quota: QuotaRepository;

  constructor(private readonly db: TenantDb) {
    this.quota = new QuotaRepository(db);
  }

  /**
   * running → paused_hitl, and its slot given back; a second approval is counted beside the first.
   * @returns whether this call recorded the pause for the first time: whoever did writes the event; false once it ended
   */
  async markPaused(executionId: string, approvalId: string, node: string): Promise<boolean> {
    const row = await this.lock(executionId);
    if (!row) return false;
    const pause = await this.find(executionId, approvalId);
    if (pause?.paused_at) return false;
    if (pause) return this.note(pause.id, 'paused_at');
    await this.insert(executionId, approvalId, 'paused_at');
    const paused = { status: 'paused_hitl', open_approvals: () => 'open_approvals + 1', current_node: node } as const;
    if (await this.from('running', executionId, { ...paused, holds_slot: false })) {
      if (row.holds_slot) this.quota.releaseSlot();
    } else await this.from('paused_hitl', executionId, paused);
    return true;
  }

  /**
   * One approval less; with the last one paused_hitl → running, which takes a slot whatever the limit says, unless it waits
   * or is a child.
   * @returns whether the execution runs again by this call
   */
  async markResumed(executionId: string, approvalId: string): Promise<boolean> {
    const row = await this.lock(executionId);
    if (!row) return false;
    const pause = await this.find(executionId, approvalId);
    if (!pause) await this.insert(executionId, approvalId, 'resumed_at');
    if (!pause || pause.resumed_at) return false;
    await this.note(pause.id, 'resumed_at');
    const fewer = { open_approvals: () => 'open_approvals - 1' };
    const holds_slot = holdsSlot(row);
    const last = { ...fewer, status: 'running', holds_slot } as const;
    const resumed = await this.from('paused_hitl', executionId, last, 'open_approvals = 1');
    if (resumed && holds_slot) this.quota.forceTake();
    if (!resumed) await this.from('paused_hitl', executionId, fewer, 'open_approvals > 1');
    return resumed;
  }

  /**
   * Locks a child and those above it before any of them changes: always the root first, so that no two wait for each other.
   * @param chain the root first @returns whether the last one, the child, goes on
   */
  async lockChain(chain: readonly string[]): Promise<boolean> {
    let last: ExecutionEntity | null = null;
    for (const id of chain) last = await this.lock(id);
    return last !== null;
  }

  /** The approvals that it is paused for. */
  async openApprovals(executionId: string): Promise<string[]> {
    const rows = await this.db.em.find(ExecutionPauseEntity, {
      where: { execution_id: executionId, paused_at: Not(IsNull()), resumed_at: IsNull() },
      order: { approval_id: 'ASC' },
    });
    return rows.map(({ approval_id }) => approval_id);
  }

  /**
   * It waits for a time or a signal and holds no slot meanwhile, or goes on. Of what is told of an execution the newest
   * mark counts. @returns whether this was it; false once it ended
   */
  async markWaiting(executionId: string, told: { waiting: boolean; mark: number; node: string }): Promise<boolean> {
    const row = await this.lock(executionId);
    if (!row || row.waiting_mark >= told.mark) return false;
    const { waiting, mark: waiting_mark, node: current_node } = told;
    const holds_slot = row.status === 'running' && holdsSlot({ ...row, waiting });
    const set = { waiting, waiting_mark, holds_slot, ...(waiting ? { current_node } : {}) };
    await change(this.db.em, ExecutionEntity, executionId, set);
    if (row.holds_slot && !holds_slot) this.quota.releaseSlot();
    if (!row.holds_slot && holds_slot) this.quota.forceTake();
    return true;
  }

  /** The execution's row is the lock under which its pauses change. Null when there is none, or it has ended. */
  private async lock(executionId: string): Promise<ExecutionEntity | null> {
    const row = await lockOne(this.db.em, ExecutionEntity, { id: executionId });
    return row && !isEnded(row.status) ? row : null;
  }

  private async find(executionId: string, approvalId: string): Promise<ExecutionPauseEntity | null> {
    return findOne(this.db.em, ExecutionPauseEntity, { execution_id: executionId, approval_id: approvalId });
  }

  private async insert(executionId: string, approvalId: string, at: 'paused_at' | 'resumed_at'): Promise<void> {
    const key = { tenant_id: this.db.tenantId, execution_id: executionId, approval_id: approvalId };
    await insert(this.db.em, ExecutionPauseEntity, { ...key, [at]: () => 'clock_timestamp()' });
  }

  private async note(id: string, at: 'paused_at' | 'resumed_at'): Promise<boolean> {
    return change(this.db.em, ExecutionPauseEntity, id, { [at]: () => 'clock_timestamp()' });
  }

  private async from(
    status: 'running' | 'paused_hitl',
    id: string,
    set: Values<ExecutionEntity>,
    condition = 'true',
  ): Promise<boolean> {
    return change(this.db.em, ExecutionEntity, id, set, `status = :status and ${condition}`, { status });
  }
}
