import { type Json } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { checkedJson } from './columns.js';
import { TenantRow } from './tenant-row.js';

export type CommandKind = 'pause' | 'resume' | 'signal';

/** What an execution is told while it runs. Its id is what the workflow knows it by. */
@Entity('agf_execution_commands')
export class ExecutionCommandEntity extends TenantRow {
  @Column('uuid') execution_id: string;
  /** from 1, without a gap: the order of delivery */
  @Column('int') seq: number;
  @Column('text') kind: CommandKind;
  /** of a signal */
  @Column('text', { nullable: true }) name: string | null;
  @Column('jsonb', { nullable: true, transformer: checkedJson }) payload: Json;
  @Column('text') actor: string;
  @Column('timestamptz', { nullable: true }) delivered_at: Date | null;
}
