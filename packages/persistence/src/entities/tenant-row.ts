import { Column, PrimaryColumn } from 'typeorm';

/** The four columns of every tenant table. */
export abstract class TenantRow {
  @PrimaryColumn('uuid') tenant_id: string;
  @PrimaryColumn('uuid', { default: () => 'gen_random_uuid()' }) id: string;
  @Column('timestamptz', { default: () => 'clock_timestamp()' }) created_at: Date;
  /** Kept by a trigger. */
  @Column('timestamptz', { default: () => 'clock_timestamp()' }) updated_at: Date;
}
