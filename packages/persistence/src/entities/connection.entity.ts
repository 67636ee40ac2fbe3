import { type ConnectionKind, type JsonObject } from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { checkedJson } from './columns.js';
import { TenantRow } from './tenant-row.js';

@Entity('agf_secrets')
export class SecretEntity extends TenantRow {
  @Column('text') name: string;
  @Column('text') key_id: string;
  @Column('bytea') ciphertext: Buffer;
  /** of those that tools send: where to */
  @Column('text', { array: true, default: () => "'{}'" }) hosts: string[];
}

@Entity('agf_connections')
export class ConnectionEntity extends TenantRow {
  @Column('text') name: string;
  @Column('text') kind: ConnectionKind;
  /** nothing secret */
  @Column('jsonb', { transformer: checkedJson }) settings: JsonObject;
  /** the secret that holds the credentials, where it has any */
  @Column('text', { nullable: true }) secret_name: string | null;
  @Column('boolean', { default: true }) enabled: boolean;
}
