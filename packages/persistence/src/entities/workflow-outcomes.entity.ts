import { Column, Entity } from 'typeorm';
import { TenantRow } from './tenant-row.js';

/** How the executions of a workflow ended, counted from their events. */
@Entity('agf_workflow_outcomes')
export class WorkflowOutcomesEntity extends TenantRow {
  @Column('uuid') workflow_id: string;
  @Column('int') completed: number;
  @Column('int') failed: number;
  @Column('int') cancelled: number;
  @Column('timestamptz', { nullable: true }) last_ended_at: Date | null;
}
