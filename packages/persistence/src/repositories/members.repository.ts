import { type PrivilegeLevel, type Role } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { MemberEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne, findPage } from './find.js';
import { type Page, type PageQuery } from './page.js';
import { insertOnce, put } from './write.js';

export interface MemberDetails {
  sub: string;
  display_name?: string | null;
  roles: readonly Role[];
  privilege_level: PrivilegeLevel;
}

/** Who belongs to the tenant. Every method needs an open tenant scope. */
@Injectable()
export class MembersRepository {
  constructor(private readonly db: TenantDb) {}

  async upsert(member: MemberDetails): Promise<void> {
    const row = { display_name: null, ...member, roles: [...member.roles], tenant_id: this.db.tenantId };
    const overwrite: (keyof MemberDetails)[] = ['display_name', 'roles', 'privilege_level'];
    await put(this.db.em, MemberEntity, row, { key: ['sub'], overwrite });
  }

  /** Null when it is there. */
  async add(member: MemberDetails): Promise<MemberEntity | null> {
    const row = { display_name: null, ...member, roles: [...member.roles], tenant_id: this.db.tenantId };
    return (await insertOnce(this.db.em, MemberEntity, row)) ? this.get(member.sub) : null;
  }

  async get(sub: string): Promise<MemberEntity | null> {
    return findOne(this.db.em, MemberEntity, { sub });
  }

  async list(query: PageQuery = {}): Promise<Page<MemberEntity>> {
    return findPage(this.db.em, MemberEntity, {}, { sub: 'ASC' }, query);
  }

  async remove(sub: string): Promise<boolean> {
    return (await this.db.em.delete(MemberEntity, { sub })).affected === 1;
  }
}
