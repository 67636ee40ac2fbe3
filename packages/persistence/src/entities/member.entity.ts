import { type PrivilegeLevel, type Role } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { TenantRow } from './tenant-row.js';

@Entity('agf_members')
export class MemberEntity extends TenantRow {
  @Column('text') sub: string;
  /** the database's own: `sub` as `personOf` has it */
  @Column({ type: 'text', insert: false, update: false, select: false }) person: string;
  @Column('text', { nullable: true }) display_name: string | null;
  @Column('text', { array: true }) roles: Role[];
  @Column('int') privilege_level: PrivilegeLevel;
  /** learned from a token: nothing was granted, so nothing limits */
  @Column('text') origin: 'granted' | 'learned';
}
