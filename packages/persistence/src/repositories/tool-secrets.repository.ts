import { Injectable } from '@nestjs/common';
import { ArrayContains } from 'typeorm';
import { SecretEntity } from '../entities/index.js';
import { SecretBox } from '../secrets/secret-box.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { bounds, direction, type Page, type PageQuery } from './page.js';
import { put } from './write.js';

/** All that is told of a secret. */
export type SecretInfo = Pick<SecretEntity, 'name' | 'hosts' | 'created_at' | 'updated_at'>;

const TOLD = ['s.tenant_id', 's.id', 's.name', 's.hosts', 's.created_at', 's.updated_at'];
/** Others are what connections have. */
const HAS_HOSTS = 'cardinality(hosts) > 0';

/** Secrets that tools send to the hosts they are for. Every method needs an open tenant scope. */
@Injectable()
export class ToolSecretsRepository {
  constructor(
    private readonly db: TenantDb,
    private readonly box: SecretBox,
  ) {}

  /**
   * Makes or replaces it. @param hosts as `URL.host` has them, at least one
   * @returns false when the name is that of a secret which is not for tools
   */
  async put(name: string, plaintext: string, hosts: readonly string[]): Promise<boolean> {
    const sealed = this.box.seal(plaintext, { tenantId: this.db.tenantId, name });
    const row = { tenant_id: this.db.tenantId, name, ...sealed, hosts: [...hosts] };
    return put(this.db.em, SecretEntity, row, {
      key: ['name'],
      overwrite: ['key_id', 'ciphertext', 'hosts'],
      where: 'cardinality(agf_secrets.hosts) > 0',
    });
  }

  /** The plaintext; null when there is none for this host. @throws Error when it cannot be opened */
  async openFor(name: string, host: string): Promise<string | null> {
    const row = await this.db.em.findOneBy(SecretEntity, { name, hosts: ArrayContains([host]) });
    return row && this.box.open(row, { tenantId: this.db.tenantId, name });
  }

  async list(query: PageQuery = {}): Promise<Page<SecretInfo>> {
    const { take, skip } = bounds(query);
    const [items, total] = await this.db.em
      .createQueryBuilder(SecretEntity, 's')
      .select(TOLD)
      .where(HAS_HOSTS)
      .orderBy('s.name', direction(query))
      .take(take)
      .skip(skip)
      .getManyAndCount();
    return { items, total };
  }

  async find(name: string): Promise<SecretInfo | null> {
    const found = this.db.em.createQueryBuilder(SecretEntity, 's').select(TOLD);
    return found.where(HAS_HOSTS).andWhere('s.name = :name', { name }).getOne();
  }

  /** Tools that name it fail from now on. @returns false when there is none */
  async remove(name: string): Promise<boolean> {
    const gone = this.db.em.createQueryBuilder().delete().from(SecretEntity).where('name = :name', { name });
    return (await gone.andWhere(HAS_HOSTS).execute()).affected === 1;
  }
}
