import { Column, Entity } from 'typeorm';
import { type ArtifactEntity } from './artifact.entity.js';
import { TenantRow } from './tenant-row.js';

/** A value too large for a history, which names it instead. */
@Entity('agf_payloads')
export class PayloadEntity extends TenantRow {
  /** whose history names it; null: an approval's */
  @Column('uuid', { nullable: true }) execution_id: string | null;
  @Column('text') storage: ArtifactEntity['storage'];
  /** bytes */
  @Column('int') size: number;
  /** null where it is kept elsewhere */
  @Column('bytea', { nullable: true }) content: Buffer | null;
  /** from then on no history names it any more */
  @Column('timestamptz') expires_at: Date;
}
