import { type ToolDefinition, type ToolKind, type ToolReview } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { checkedJson } from './columns.js';
import { TenantRow } from './tenant-row.js';

/** One version of a tool. Only whether it is enabled changes, and whether it waits for a review. */
@Entity('agf_tool_definitions')
export class ToolEntity extends TenantRow {
  @Column('text') name: string;
  @Column('int') version: number;
  @Column('text') kind: ToolKind;
  @Column('jsonb', { transformer: checkedJson }) definition: ToolDefinition;
  @Column('boolean') enabled: boolean;
  /** then it is not enabled */
  @Column('jsonb', { nullable: true, transformer: checkedJson }) review: ToolReview | null;
  @Column('text') created_by: string;
}
