import { Injectable } from '@nestjs/common';
import { WorkflowOutcomesEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne } from './find.js';

/** Makes the row or counts in it, in one statement. $1 tenant, $2 workflow, $3 outcome, $4 when */
const COUNT = `
  insert into agf_workflow_outcomes as o (tenant_id, workflow_id, completed, failed, cancelled, last_ended_at)
  values ($1, $2, ($3 = 'completed')::int, ($3 = 'failed')::int, ($3 = 'cancelled')::int, $4)
  on conflict (tenant_id, workflow_id) do update set
    completed = o.completed + excluded.completed, failed = o.failed + excluded.failed,
    cancelled = o.cancelled + excluded.cancelled, last_ended_at = greatest(o.last_ended_at, excluded.last_ended_at)`;

/** How the executions of a workflow ended. Every method needs an open tenant scope: the inbox's, so that each counts once. */
@Injectable()
export class WorkflowOutcomesRepository {
  constructor(private readonly db: TenantDb) {}

  async count(workflowId: string, outcome: 'completed' | 'failed' | 'cancelled', at: Date): Promise<void> {
    await this.db.em.query(COUNT, [this.db.tenantId, workflowId, outcome, at]);
  }

  async get(workflowId: string): Promise<WorkflowOutcomesEntity | null> {
    return findOne(this.db.em, WorkflowOutcomesEntity, { workflow_id: workflowId });
  }
}
