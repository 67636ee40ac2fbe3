import { type Finding, type JsonObject, type PrivilegeLevel, type WorkflowDefinition } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { checkedJson } from './columns.js';
import { TenantRow } from './tenant-row.js';

@Entity('agf_workflow_definitions')
export class WorkflowEntity extends TenantRow {
  @Column('text') name: string;
  @Column('text', { nullable: true }) description: string | null;
  @Column('int') latest_version: number;
  @Column('text') created_by: string;
  /** the agent whose invocations it runs; null for one that was published */
  @Column('uuid', { nullable: true }) agent_id: string | null;
}

/** Never changed once written. */
@Entity('agf_workflow_versions')
export class WorkflowVersionEntity extends TenantRow {
  @Column('uuid') workflow_id: string;
  @Column('int') version: number;
  @Column('jsonb', { transformer: checkedJson }) definition: WorkflowDefinition;
  /** SHA-256 (hex) of the canonical definition */
  @Column('text') content_hash: string;
  @Column('jsonb', { transformer: checkedJson }) warnings: Finding[];
  @Column('jsonb', { transformer: checkedJson }) agents: JsonObject;
  /** by name: the version that a call without one means */
  @Column('jsonb', { transformer: checkedJson }) called_versions: Record<string, number>;
  /** by name: what its tools needed when it was published, its agents' included */
  @Column('jsonb', { transformer: checkedJson }) tool_levels: Record<string, PrivilegeLevel>;
  @Column('text') published_by: string;
}
