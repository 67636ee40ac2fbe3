import { Column, Entity } from 'typeorm';
import { bigintAsNumber } from './columns.js';
import { TenantRow } from './tenant-row.js';

/** What a turn of a model that is under way may still use. */
@Entity('agf_budget_reservations')
export class BudgetReservationEntity extends TenantRow {
  @Column('uuid') execution_id: string;
  @Column('text') node: string;
  @Column('int') visit: number;
  @Column('uuid') agent_id: string;
  @Column('uuid') root_execution_id: string;
  @Column({ type: 'bigint', transformer: bigintAsNumber }) tokens: number;
  @Column({ type: 'bigint', transformer: bigintAsNumber }) cost_micros: number;
  @Column('timestamptz') expires_at: Date;
}
