import { type Json, type JsonObject } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { TenantRow } from './tenant-row.js';

/** What a step began with: the fold of all up to it is the checkpoint. Never changed once written. */
@Entity('agf_execution_steps')
export class StepEntity extends TenantRow {
  @Column('uuid') execution_id: string;
  /** the step that begins, from 1 */
  @Column('int') step: number;
  /** by node */
  @Column('jsonb') due: Record<string, { visit: number; item: { edge: number; index: number; value: Json } | null }[]>;
  /** by join, the groups that were reached since it last fired */
  @Column('jsonb') joins: Record<number, number[]>;
  /** some branch reached END */
  @Column('boolean') ended: boolean;
  /** what the step before wrote, by channel, in the order in which it applies */
  @Column('jsonb') writes: Record<string, Json[]>;
  /** of the first step of an execution that began where another one stood */
  @Column('jsonb', { nullable: true }) base: {
    state: JsonObject;
    visits: Record<string, number>;
    written: string[];
  } | null;
}
