import { Injectable } from '@nestjs/common';
import { SecretEntity } from '../entities/index.js';
import { SecretBox } from '../secrets/secret-box.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne } from './find.js';
import { put } from './write.js';

/** The tenant's secrets, sealed in the database. Every method needs an open tenant scope. */
@Injectable()
export class SecretsRepository {
  constructor(
    private readonly db: TenantDb,
    private readonly box: SecretBox,
  ) {}

  /** Makes or replaces it: no tool sends it. */
  async put(name: string, plaintext: string): Promise<void> {
    const sealed = this.box.seal(plaintext, { tenantId: this.db.tenantId, name });
    const row = { tenant_id: this.db.tenantId, name, ...sealed, hosts: [] };
    await put(this.db.em, SecretEntity, row, { key: ['name'], overwrite: ['key_id', 'ciphertext', 'hosts'] });
  }

  /** The plaintext; null when there is none that no tool sends. @throws Error when it cannot be opened */
  async open(name: string): Promise<string | null> {
    const row = await findOne(this.db.em, SecretEntity, { name });
    return row?.hosts.length === 0 ? this.box.open(row, { tenantId: this.db.tenantId, name }) : null;
  }

  /** False when there is none. @throws QueryFailedError while a connection uses it */
  async remove(name: string): Promise<boolean> {
    return (await this.db.em.delete(SecretEntity, { name })).affected === 1;
  }
}
