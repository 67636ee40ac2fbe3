import { isEnded, SIGNAL_LIMITS, type ExecutionStatus, type Json } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { ExecutionCommandEntity, ExecutionEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { lockOne } from './find.js';
import { change, insert } from './write.js';

export interface NewSignal {
  name: string;
  payload: Json;
  /** nodes of the execution's version that take a signal, of any name */
  takers: readonly string[];
}

export type CommandRequested =
  | { kind: 'added'; id: string; execution: ExecutionEntity }
  /** it is paused already, or runs already */
  | { kind: 'unchanged'; execution: ExecutionEntity }
  | { kind: 'ended'; status: ExecutionStatus }
  /** as many signals as are kept wait to be taken */
  | { kind: 'full' }
  | { kind: 'not_found' };

/** $1 execution, $2 nodes that take signals: signals sent, less those that a visit took */
const KEPT = `
  select (select count(*)::int from agf_execution_commands where execution_id = $1::uuid and kind = 'signal')
    - (select count(*)::int from agf_node_visits
       where execution_id = $1::uuid and node = any($2::text[]) and type = 'wait' and status = 'completed') as kept`;

/**
 * What executions are told while they run: written first, delivered later, in their order. The execution's row is the
 * lock under which they are numbered. Every method needs an open tenant scope.
 */
@Injectable()
export class CommandsRepository {
  constructor(private readonly db: TenantDb) {}

  async setPaused(executionId: string, paused: boolean, actor: string): Promise<CommandRequested> {
    const execution = await this.lock(executionId);
    if (!(execution instanceof ExecutionEntity)) return execution;
    if (execution.paused === paused) return { kind: 'unchanged', execution };
    await change(this.db.em, ExecutionEntity, executionId, { paused });
    const id = await this.add(executionId, { kind: paused ? 'pause' : 'resume', actor });
    return { kind: 'added', id, execution: Object.assign(execution, { paused }) };
  }

  async signal(executionId: string, signal: NewSignal, actor: string): Promise<CommandRequested> {
    const execution = await this.lock(executionId);
    if (!(execution instanceof ExecutionEntity)) return execution;
    if (await this.isFull(executionId, signal.takers)) return { kind: 'full' };
    const { name, payload } = signal;
    return { kind: 'added', id: await this.add(executionId, { kind: 'signal', name, payload, actor }), execution };
  }

  /** The oldest one that is not delivered yet. */
  async next(executionId: string): Promise<ExecutionCommandEntity | null> {
    return this.db.em.findOne(ExecutionCommandEntity, {
      where: { execution_id: executionId, delivered_at: IsNull() },
      order: { seq: 'ASC' },
    });
  }

  /** The signals that it was sent, in their order. */
  async signalsOf(executionId: string): Promise<ExecutionCommandEntity[]> {
    const where = { execution_id: executionId, kind: 'signal' as const };
    return this.db.em.find(ExecutionCommandEntity, { where, order: { seq: 'ASC' } });
  }

  /** @returns whether this call was the first, and whether the execution still ran */
  async markDelivered(command: Pick<ExecutionCommandEntity, 'id' | 'execution_id'>): Promise<{
    first: boolean;
    running: boolean;
  }> {
    const execution = await lockOne(this.db.em, ExecutionEntity, { id: command.execution_id });
    const delivered_at = (): string => 'clock_timestamp()';
    const first = await change(
      this.db.em,
      ExecutionCommandEntity,
      command.id,
      { delivered_at },
      'delivered_at is null',
    );
    return { first, running: execution !== null && !isEnded(execution.status) };
  }

  private async lock(
    id: string,
  ): Promise<ExecutionEntity | Extract<CommandRequested, { kind: 'ended' | 'not_found' }>> {
    const execution = await lockOne(this.db.em, ExecutionEntity, { id });
    if (!execution) return { kind: 'not_found' };
    return isEnded(execution.status) ? { kind: 'ended', status: execution.status } : execution;
  }

  private async isFull(executionId: string, takers: readonly string[]): Promise<boolean> {
    if ((await this.last(executionId)) < SIGNAL_LIMITS.kept) return false;
    const [row] = await this.db.em.query<{ kept: number }[]>(KEPT, [executionId, takers]);
    return row!.kept >= SIGNAL_LIMITS.kept;
  }

  private async last(executionId: string): Promise<number> {
    return (await this.db.em.maximum(ExecutionCommandEntity, 'seq', { execution_id: executionId })) ?? 0;
  }

  private async add(
    executionId: string,
    command: Pick<ExecutionCommandEntity, 'kind' | 'actor'> & { name?: string; payload?: Json },
  ): Promise<string> {
    const seq = (await this.last(executionId)) + 1;
    const key = { tenant_id: this.db.tenantId, execution_id: executionId, seq };
    return insert(this.db.em, ExecutionCommandEntity, { ...key, ...command });
  }
}
