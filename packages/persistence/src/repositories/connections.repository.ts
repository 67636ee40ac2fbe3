import { type JsonObject } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { ConnectionEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne } from './find.js';
import { put } from './write.js';

export interface NewConnection {
  name: string;
  kind: 'postgres';
  /** nothing secret */
  settings?: JsonObject;
  /** of a secret that exists */
  secret_name: string;
}

/** Databases a tenant has registered for its tools. Every method needs an open tenant scope. */
@Injectable()
export class ConnectionsRepository {
  constructor(private readonly db: TenantDb) {}

  /** Makes or replaces it. */
  async put(connection: NewConnection): Promise<void> {
    const row = { settings: {}, ...connection, tenant_id: this.db.tenantId };
    const overwrite: (keyof NewConnection)[] = ['kind', 'settings', 'secret_name'];
    await put(this.db.em, ConnectionEntity, row, { key: ['name'], overwrite });
  }

  async findByName(name: string): Promise<ConnectionEntity | null> {
    return findOne(this.db.em, ConnectionEntity, { name });
  }

  async list(): Promise<ConnectionEntity[]> {
    return this.db.em.find(ConnectionEntity, { order: { name: 'ASC' } });
  }

  async remove(name: string): Promise<boolean> {
    return (await this.db.em.delete(ConnectionEntity, { name })).affected === 1;
  }
}
