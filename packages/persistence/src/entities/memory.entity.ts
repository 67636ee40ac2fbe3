import { type JsonObject } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { checkedJson } from './columns.js';
import { TenantRow } from './tenant-row.js';

@Entity('agf_agent_memories')
export class MemoryEntity extends TenantRow {
  @Column('uuid') agent_id: string;
  /** where it comes from, if anywhere */
  @Column('text', { nullable: true }) session_id: string | null;
  @Column('uuid', { nullable: true }) execution_id: string | null;
  @Column('text') text: string;
  /** whose embedding it is */
  @Column('text') embedding_model: string;
  /** of length 1; not read with the rest */
  @Column('real', { array: true, select: false }) embedding: number[];
  @Column('jsonb', { transformer: checkedJson }) metadata: JsonObject;
}
