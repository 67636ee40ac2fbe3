import { type ConnectionDefinition } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { ConnectionEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findAll, findOne, type Match } from './find.js';
import { change, insertOnce, put } from './write.js';

export interface NewConnection {
  name: string;
  kind: ConnectionDefinition['kind'];
  /** nothing secret */
  settings?: ConnectionDefinition['settings'];
  /** of a secret that exists */
  secret_name?: string | null;
}

/** Where a tenant's tools may read, write and send. Every method needs an open tenant scope. */
@Injectable()
export class ConnectionsRepository {
  constructor(private readonly db: TenantDb) {}

  /** Makes or replaces it, and enables it. */
  async put(connection: NewConnection): Promise<void> {
    const overwrite: (keyof ConnectionEntity)[] = ['kind', 'settings', 'secret_name', 'enabled'];
    await put(this.db.em, ConnectionEntity, this.rowOf(connection), { key: ['name'], overwrite });
  }

  /** @returns false when the tenant has the name */
  async create(connection: NewConnection): Promise<boolean> {
    return insertOnce(this.db.em, ConnectionEntity, this.rowOf(connection));
  }

  /** @returns false when there is none */
  async disable(name: string): Promise<boolean> {
    const row = await this.findByName(name);
    return row !== null && change(this.db.em, ConnectionEntity, row.id, { enabled: false });
  }

  async findByName(name: string): Promise<ConnectionEntity | null> {
    return findOne(this.db.em, ConnectionEntity, { name });
  }

  /** By name. */
  async list(
    filter: Match<Pick<ConnectionEntity, 'kind' | 'enabled' | 'secret_name'>> = {},
  ): Promise<ConnectionEntity[]> {
    return findAll<ConnectionEntity>(this.db.em, ConnectionEntity, filter, { name: 'ASC' });
  }

  async remove(name: string): Promise<boolean> {
    return (await this.db.em.delete(ConnectionEntity, { name })).affected === 1;
  }

  private rowOf(connection: NewConnection): Match<ConnectionEntity> {
    return { settings: {}, secret_name: null, ...connection, enabled: true, tenant_id: this.db.tenantId };
  }
}
