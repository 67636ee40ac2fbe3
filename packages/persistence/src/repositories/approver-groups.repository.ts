import { type ApproverGroup, type ApproverRef, groupNames } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { ApproverGroupEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne, findPage } from './find.js';
import { type Page, type PageQuery } from './page.js';
import { put } from './write.js';

const groupOf = ({ name, members, roles, claims }: ApproverGroupEntity): ApproverGroup => ({
  ...{ name, members, roles, claims },
});

/** Groups of approvers. Every method needs an open tenant scope. */
@Injectable()
export class ApproverGroupsRepository {
  constructor(private readonly db: TenantDb) {}

  async get(name: string): Promise<ApproverGroupEntity | null> {
    return findOne(this.db.em, ApproverGroupEntity, { name });
  }

  async list(query: PageQuery = {}): Promise<Page<ApproverGroupEntity>> {
    return findPage(this.db.em, ApproverGroupEntity, {}, { name: 'ASC' }, query);
  }

  async all(): Promise<ApproverGroup[]> {
    return (await this.db.em.find(ApproverGroupEntity, { order: { name: 'ASC' } })).map(groupOf);
  }

  /** Those of the references that are groups of the tenant. */
  async named(refs: readonly ApproverRef[]): Promise<ApproverGroup[]> {
    const names = groupNames(refs);
    if (names.length === 0) return [];
    return (await this.db.em.find(ApproverGroupEntity, { where: { name: In(names) } })).map(groupOf);
  }

  /** All of it is replaced. */
  async put(group: ApproverGroup, updated_by: string): Promise<void> {
    const row = { ...group, updated_by, tenant_id: this.db.tenantId };
    await put(this.db.em, ApproverGroupEntity, row, {
      ...{ key: ['name'], overwrite: ['members', 'roles', 'claims', 'updated_by'] },
    });
  }

  async remove(name: string): Promise<boolean> {
    return (await this.db.em.delete(ApproverGroupEntity, { tenant_id: this.db.tenantId, name })).affected === 1;
  }
}
