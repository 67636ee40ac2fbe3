import { Column, Entity } from 'typeorm';
import { TenantRow } from './tenant-row.js';

/** A mark: whether pending approvals can be given must be judged anew. Written by triggers. */
@Entity('agf_hitl_people_changes')
export class PeopleChangeEntity extends TenantRow {
  /** the one it is about; null: every pending one */
  @Column('uuid', { nullable: true }) approval_id: string | null;
}
