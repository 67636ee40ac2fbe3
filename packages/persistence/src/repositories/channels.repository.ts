import { type ChannelDisabledBy } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { ChannelEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findAll, findOne, findPage } from './find.js';
import { type Page, type PageQuery } from './page.js';
import { change, insertOnce, type Values } from './write.js';

export type ChannelChange = Pick<
  ChannelEntity,
  'name' | 'settings' | 'notices' | 'workflows' | 'min_privilege_level' | 'enabled' | 'updated_by'
>;
export type NewChannel = ChannelChange & Pick<ChannelEntity, 'id' | 'kind'>;

/** The name of the secret that a channel has: none that a request can name. */
export const channelSecret = (channelId: string): string => `hitl-channel:${channelId}`;

/** How a tenant's people are told. Every method needs an open tenant scope. */
@Injectable()
export class ChannelsRepository {
  constructor(private readonly db: TenantDb) {}

  /** @returns false when the tenant has the name */
  async create(channel: NewChannel): Promise<boolean> {
    const row = { ...channel, tenant_id: this.db.tenantId, created_by: channel.updated_by };
    return insertOnce(this.db.em, ChannelEntity, { ...row, disabled_by: channel.enabled ? null : 'admin' });
  }

  /** @returns false when there is none. @throws QueryFailedError when another one has the name */
  async replace(id: string, channel: ChannelChange): Promise<boolean> {
    const { name, settings, notices, workflows, min_privilege_level, enabled, updated_by } = channel;
    const set = { name, settings, notices, workflows, min_privilege_level, enabled, updated_by };
    return change(this.db.em, ChannelEntity, id, { ...set, disabled_by: enabled ? null : 'admin' });
  }

  /** @returns false when it was disabled already, or there is none */
  async disable(id: string, disabled_by: ChannelDisabledBy): Promise<boolean> {
    const set: Values<ChannelEntity> = { enabled: false, disabled_by };
    return change(this.db.em, ChannelEntity, id, set, 'enabled');
  }

  /** With all that was sent by it. @returns false when there is none */
  async remove(id: string): Promise<boolean> {
    return (await this.db.em.delete(ChannelEntity, { id })).affected === 1;
  }

  async get(id: string): Promise<ChannelEntity | null> {
    return findOne(this.db.em, ChannelEntity, { id });
  }

  async findByName(name: string): Promise<ChannelEntity | null> {
    return findOne(this.db.em, ChannelEntity, { name });
  }

  async enabled(): Promise<ChannelEntity[]> {
    return findAll(this.db.em, ChannelEntity, { enabled: true }, { created_at: 'ASC', id: 'ASC' });
  }

  async count(): Promise<number> {
    return this.db.em.count(ChannelEntity);
  }

  /** By name. */
  async list(query: PageQuery = {}): Promise<Page<ChannelEntity>> {
    const order = query.sort_order === 'desc' ? 'DESC' : 'ASC';
    return findPage(this.db.em, ChannelEntity, {}, { name: order }, query);
  }
}
