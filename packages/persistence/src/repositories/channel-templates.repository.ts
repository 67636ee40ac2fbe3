import { type MessageKind } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { ChannelTemplateEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findAll, findOne } from './find.js';
import { put } from './write.js';

/** A tenant's own words. Every method needs an open tenant scope. */
@Injectable()
export class ChannelTemplatesRepository {
  constructor(private readonly db: TenantDb) {}

  /** Null: the platform's. */
  async get(kind: MessageKind): Promise<ChannelTemplateEntity | null> {
    return findOne(this.db.em, ChannelTemplateEntity, { kind });
  }

  async all(): Promise<ChannelTemplateEntity[]> {
    return findAll(this.db.em, ChannelTemplateEntity, {}, { kind: 'ASC' });
  }

  async put(template: Pick<ChannelTemplateEntity, 'kind' | 'subject' | 'body' | 'updated_by'>): Promise<void> {
    const row = { ...template, tenant_id: this.db.tenantId };
    await put(this.db.em, ChannelTemplateEntity, row, { key: ['kind'], overwrite: ['subject', 'body', 'updated_by'] });
  }

  /** From now on the platform's. @returns false: so it was */
  async remove(kind: MessageKind): Promise<boolean> {
    return (await this.db.em.delete(ChannelTemplateEntity, { kind })).affected === 1;
  }
}
