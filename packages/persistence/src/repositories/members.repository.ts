import { personOf, type PrivilegeLevel, type Role } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { MemberEntity, TenantEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne, findPage } from './find.js';
import { type Page, type PageQuery } from './page.js';
import { put } from './write.js';

export interface MemberDetails {
  sub: string;
  display_name?: string | null;
  roles: readonly Role[];
  privilege_level: PrivilegeLevel;
}

const OVERWRITE: (keyof MemberEntity)[] = ['display_name', 'roles', 'privilege_level', 'origin'];
const LEARNED = `agf_members.origin = 'learned'`;

/** Who belongs to the tenant. Every method needs an open tenant scope. */
@Injectable()
export class MembersRepository {
  constructor(private readonly db: TenantDb) {}

  async upsert(member: MemberDetails): Promise<void> {
    await put(this.db.em, MemberEntity, this.row(member, 'granted'), { key: ['sub'], overwrite: OVERWRITE });
  }

  /** Null when something was granted to them already, also under another spelling of their name. */
  async add(member: MemberDetails): Promise<MemberEntity | null> {
    if (await this.granted(member.sub)) return null;
    const made = await put(this.db.em, MemberEntity, this.row(member, 'granted'), {
      ...{ key: ['sub'], overwrite: OVERWRITE, where: LEARNED },
    });
    return made ? this.get(member.sub) : null;
  }

  /**
   * What a token says of its bearer. It changes nothing that was granted, and adds nobody to a list that was declared
   * complete.
   */
  async learn(member: MemberDetails): Promise<void> {
    const isComplete = await this.db.em.existsBy(TenantEntity, { members_complete: true });
    const row = this.row(member, 'learned');
    if (isComplete) await this.db.em.update(MemberEntity, { sub: member.sub, origin: 'learned' }, row);
    else await put(this.db.em, MemberEntity, row, { key: ['sub'], overwrite: OVERWRITE, where: LEARNED });
  }

  private row(member: MemberDetails, origin: MemberEntity['origin']) {
    return { display_name: null, ...member, origin, roles: [...member.roles], tenant_id: this.db.tenantId };
  }

  /**
   * What limits them, however their name is spelled: the least of it. Null for one that is nobody's member, or only came
   * with a token.
   */
  async granted(sub: string): Promise<MemberEntity | null> {
    const origin = 'granted' as const;
    const where = [
      { sub, origin },
      { person: personOf(sub), origin },
    ];
    return this.db.em.findOne(MemberEntity, { where, order: { privilege_level: 'ASC', sub: 'ASC' } });
  }

  /** What is known of them: what limits them, else what came with their tokens. */
  async known(sub: string): Promise<MemberEntity | null> {
    return (await this.granted(sub)) ?? this.get(sub);
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
