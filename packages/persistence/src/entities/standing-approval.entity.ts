import { type PrivilegeLevel, type Role } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { TenantRow } from './tenant-row.js';

/** What somebody has approved ahead of time: calls of a tool, so many, until then. */
@Entity('agf_standing_approvals')
export class StandingApprovalEntity extends TenantRow {
  @Column('text') tool: string;
  /** the workflow's name; null: any */
  @Column('text', { nullable: true }) workflow: string | null;
  /** CEL over the call */
  @Column('text') condition: string;
  @Column('text') reason: string;
  /** of the calls, at most */
  @Column('int') privilege_level: PrivilegeLevel;
  @Column('int') max_uses: number;
  @Column('int', { default: 0 }) uses: number;
  @Column('timestamptz', { nullable: true }) last_used_at: Date | null;
  @Column('timestamptz') expires_at: Date;
  /** the author's sub: whose decision each use is */
  @Column('text') created_by: string;
  /** of the author's token when it was made */
  @Column('text', { array: true }) author_roles: Role[];
  @Column('timestamptz', { nullable: true }) revoked_at: Date | null;
  @Column('text', { nullable: true }) revoked_by: string | null;
}
