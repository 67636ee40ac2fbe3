import { type ElevationDecision, type ElevationVote, type PrivilegeLevel } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { TenantRow } from './tenant-row.js';

@Entity('agf_agent_elevations')
export class ElevationEntity extends TenantRow {
  @Column('uuid') agent_id: string;
  /** that it is for: of another one it raises nothing */
  @Column('int') agent_version: number;
  @Column('int') privilege_level: PrivilegeLevel;
  /** from when it is granted */
  @Column('int') seconds: number;
  @Column('text') reason: string;
  @Column('text') requested_by: string;
  @Column('text') decision: ElevationDecision;
  /** of the request, and once it is granted of the elevation */
  @Column('timestamptz') expires_at: Date;
}

@Entity('agf_agent_elevation_votes')
export class ElevationVoteEntity extends TenantRow {
  @Column('uuid') elevation_id: string;
  @Column('text') actor: string;
  @Column('text') decision: ElevationVote;
  @Column('text', { nullable: true }) notes: string | null;
}
