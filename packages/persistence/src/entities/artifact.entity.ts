import { Column, Entity } from 'typeorm';
import { bigintAsNumber } from './columns.js';
import { TenantRow } from './tenant-row.js';

@Entity('agf_artifacts')
export class ArtifactEntity extends TenantRow {
  @Column('text') name: string;
  @Column('text') content_type: string;
  /** bytes */
  @Column('bigint', { transformer: bigintAsNumber }) size: number;
  /** hex; null until complete */
  @Column('text', { nullable: true }) sha256: string | null;
  @Column('text') storage: 'postgres' | 's3';
  @Column('boolean') complete: boolean;
  @Column('text') created_by: string;
}

@Entity('agf_artifact_chunks')
export class ArtifactChunkEntity extends TenantRow {
  @Column('uuid') artifact_id: string;
  /** 0.. */
  @Column('int') seq: number;
  @Column('bytea') data: Buffer;
}
