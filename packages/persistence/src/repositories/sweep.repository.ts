import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, LessThan, Not } from 'typeorm';
import { ApprovalEntity, ExecutionCommandEntity, ExecutionEntity, PeopleChangeEntity } from '../entities/index.js';

export interface FoundExecution {
  tenant_id: string;
  id: string;
}
export interface FoundDecision extends FoundExecution {
  temporal_workflow_id: string;
}

/**
 * What was left behind, of all tenants. Takes a data source of the role `agf_sweeper`, which sees only these rows and
 * only these columns; whatever is done about them is done in the tenant's own scope.
 */
@Injectable()
export class SweepRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Roots that are pending since before `before`, oldest first: children are their parents' to start. */
  async pendingExecutions(before: Date, limit = 100): Promise<FoundExecution[]> {
    return this.dataSource.getRepository(ExecutionEntity).find({
      select: { tenant_id: true, id: true },
      where: { status: 'pending', created_at: LessThan(before), parent_execution_id: IsNull() },
      order: { created_at: 'ASC' },
      take: limit,
    });
  }

  /** Children that are pending since before `before`: perhaps nobody is left to start them. */
  async pendingChildren(before: Date, limit = 100): Promise<FoundExecution[]> {
    return this.dataSource.getRepository(ExecutionEntity).find({
      select: { tenant_id: true, id: true },
      where: { status: 'pending', created_at: LessThan(before), parent_execution_id: Not(IsNull()) },
      order: { created_at: 'ASC' },
      take: limit,
    });
  }

  /** Asked to be cancelled before `before`, and Temporal not told yet. */
  async undeliveredCancels(before: Date, limit = 100): Promise<FoundExecution[]> {
    return this.dataSource.getRepository(ExecutionEntity).find({
      select: { tenant_id: true, id: true },
      where: { cancel_requested_at: LessThan(before), cancel_delivered_at: IsNull() },
      order: { cancel_requested_at: 'ASC' },
      take: limit,
    });
  }

  /** Told something before `before` that is not delivered yet, oldest first. */
  async undeliveredCommands(before: Date, limit = 100): Promise<FoundExecution[]> {
    // By execution: one that cannot be told anything must not hide the others.
    return this.dataSource
      .getRepository(ExecutionCommandEntity)
      .createQueryBuilder('told')
      .select('told.tenant_id', 'tenant_id')
      .addSelect('told.execution_id', 'id')
      .where('told.created_at < :before and told.delivered_at is null', { before })
      .groupBy('told.tenant_id')
      .addGroupBy('told.execution_id')
      .orderBy('min(told.created_at)', 'ASC')
      .limit(limit)
      .getRawMany<FoundExecution>();
  }

  /** Decided before `before`, and not taken by the waiting workflow yet. */
  async untakenDecisions(before: Date, limit = 100): Promise<FoundDecision[]> {
    return this.dataSource.getRepository(ApprovalEntity).find({
      select: { tenant_id: true, id: true, temporal_workflow_id: true },
      where: { decided_at: LessThan(before), taken_at: IsNull() },
      order: { decided_at: 'ASC' },
      take: limit,
    });
  }

  /** Tenants with changes of people, or of approvals, that are not judged yet; the oldest change first. */
  async tenantsWithChanges(limit = 100): Promise<string[]> {
    const rows = await this.dataSource
      .getRepository(PeopleChangeEntity)
      .createQueryBuilder('mark')
      .select('mark.tenant_id', 'tenant_id')
      .groupBy('mark.tenant_id')
      .orderBy('min(mark.created_at)', 'ASC')
      .limit(limit)
      .getRawMany<{ tenant_id: string }>();
    return rows.map(({ tenant_id }) => tenant_id);
  }
}
