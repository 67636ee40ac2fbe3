import {
  type AgentExecutor,
  type AgentStatus,
  type BreakerSettings,
  type JsonObject,
  type PrivilegeLevel,
} from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { checkedJson } from './columns.js';
import { TenantRow } from './tenant-row.js';

@Entity('agf_agent_definitions')
export class AgentEntity extends TenantRow {
  @Column('text') name: string;
  @Column('text', { nullable: true }) description: string | null;
  @Column('jsonb', { transformer: checkedJson }) capabilities: JsonObject;
  @Column('int') privilege_level: PrivilegeLevel;
  /** by tool's name: whether it is enabled */
  @Column('jsonb', { transformer: checkedJson }) tool_access: JsonObject;
  @Column('jsonb', { transformer: checkedJson }) resource_limits: JsonObject;
  /** null: the platform's */
  @Column('text', { nullable: true }) model: string | null;
  /** a team's own code in place of a model */
  @Column('jsonb', { nullable: true, transformer: checkedJson }) executor: AgentExecutor | null;
  @Column('text') instructions: string;
  /** its calls of level 2 and above are approved by people, whatever their gates say */
  @Column('boolean') requires_hitl: boolean;
  /** of its own breaker, over the tenant's; null: the tenant's */
  @Column('jsonb', { nullable: true, transformer: checkedJson }) circuit_breaker: BreakerSettings | null;
  @Column('text') status: AgentStatus;
  @Column('int') version: number;
  @Column('text') created_by: string;
}

/** What changes from version to version. */
export const AGENT_SNAPSHOT = [
  'description',
  'capabilities',
  'privilege_level',
  'tool_access',
  'resource_limits',
  'model',
  'executor',
  'instructions',
  'requires_hitl',
  'circuit_breaker',
  'status',
] as const satisfies readonly (keyof AgentEntity)[];
export type AgentSnapshot = Pick<AgentEntity, (typeof AGENT_SNAPSHOT)[number]>;

/** Never changed once written. */
@Entity('agf_agent_versions')
export class AgentVersionEntity extends TenantRow {
  @Column('uuid') agent_id: string;
  @Column('int') version: number;
  @Column('jsonb', { transformer: checkedJson }) agent: AgentSnapshot;
  @Column('text') changed_by: string;
}
