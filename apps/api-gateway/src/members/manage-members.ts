import {
  type Actor,
  ApiError,
  invalidRequest,
  type JsonObject,
  type PrivilegeLevel,
  samePerson,
} from '@aumos/agf-domain';
import {
  AuditRepository,
  type MemberDetails,
  type MemberEntity,
  MembersRepository,
  TenantDb,
  TenantsRepository,
} from '@aumos/agf-persistence';
import { notFound, type Page, pageOf } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { unstorable } from '../unstorable.js';
import type { CompleteDto, GrantDto, MembersQueryDto, NewMemberDto } from './member.dto.js';
import type { MemberView } from './member.view.js';
import { OwnLevel } from './own-level.js';

type MemberAction = 'member.add' | 'member.change' | 'member.remove';

/**
 * Who belongs to a tenant, and what each may do at most. Nobody grants more than they have, touches who has more, or
 * changes what is granted to themselves.
 */
@Injectable()
export class ManageMembers {
  constructor(
    private readonly db: TenantDb,
    private readonly members: MembersRepository,
    private readonly tenants: TenantsRepository,
    private readonly audit: AuditRepository,
    private readonly level: OwnLevel,
  ) {}

  async list(tenantId: string, query: MembersQueryDto): Promise<Page<MemberView>> {
    return this.db.run(tenantId, async () => {
      const { items, total } = await this.members.list(query);
      return pageOf(items.map(memberView), total, query);
    });
  }

  /** @throws ApiError VALIDATION_ERROR, PRIVILEGE_DENIED, CONFLICT for one that is there */
  async add(actor: Actor, { sub, ...grant }: NewMemberDto): Promise<MemberView> {
    checkTexts({ sub, display_name: grant.display_name });
    await this.mustReach(actor, sub, [grant.privilege_level], 'member.add');
    return this.db.run(actor.tenant_id, async () => {
      const added = await this.members.add({ sub, ...grant });
      if (!added) throw new ApiError('CONFLICT', `${sub} is a member.`, { sub });
      return this.granted(actor, added, 'member.add');
    });
  }

  /** @throws ApiError NOT_FOUND, VALIDATION_ERROR, PRIVILEGE_DENIED */
  async change(actor: Actor, sub: string, grant: GrantDto): Promise<MemberView> {
    checkTexts({ display_name: grant.display_name });
    const before = await this.one(actor, sub);
    await this.mustReach(actor, sub, [before.privilege_level, grant.privilege_level], 'member.change');
    return this.db.run(actor.tenant_id, async () => {
      const { display_name = before.display_name } = grant;
      await this.members.upsert({ sub, ...grant, display_name });
      const now = await this.members.get(sub);
      if (!now) throw notFound();
      return this.granted(actor, now, 'member.change', before);
    });
  }

  /** @throws ApiError NOT_FOUND, PRIVILEGE_DENIED */
  async remove(actor: Actor, sub: string): Promise<void> {
    const before = await this.one(actor, sub);
    await this.mustReach(actor, sub, [before.privilege_level], 'member.remove');
    await this.db.run(actor.tenant_id, async () => {
      if (!(await this.members.remove(sub))) throw notFound();
      await this.audited(actor, sub, 'member.remove', grantOf(before));
    });
  }

  /** Whether publishing takes the list as all of the tenant. */
  async declare(actor: Actor, { complete }: CompleteDto): Promise<CompleteDto> {
    return this.db.run(actor.tenant_id, async () => {
      await this.tenants.declareMembers(complete);
      await this.audited(actor, actor.tenant_id, 'member.change', { complete });
      return { complete };
    });
  }

  private async one(actor: Actor, sub: string): Promise<MemberEntity> {
    const found = await this.db.run(actor.tenant_id, () => this.members.get(sub));
    if (!found) throw notFound();
    return found;
  }

  private async mustReach(
    actor: Actor,
    sub: string,
    levels: readonly PrivilegeLevel[],
    action: MemberAction,
  ): Promise<void> {
    const need = Math.max(...levels) as PrivilegeLevel;
    const asked = { ...entryOf(action, sub), details: { need } };
    const above = { ...asked, why: 'Nobody grants, or changes, what is above them.' };
    if (!samePerson(sub, actor.sub)) return this.level.mustReach(actor, need, above);
    const effective = await this.level.of(actor);
    throw await this.level.refused(actor, { need, effective }, { ...asked, why: 'Nobody changes their own grant.' });
  }

  private async granted(
    actor: Actor,
    member: MemberEntity,
    action: MemberAction,
    before?: MemberDetails,
  ): Promise<MemberView> {
    const was = before && { before: grantOf(before) };
    await this.audited(actor, member.sub, action, { ...grantOf(member), ...was });
    return memberView(member);
  }

  private async audited(actor: Actor, sub: string, action: MemberAction, details: JsonObject): Promise<void> {
    await this.audit.append({ ...entryOf(action, sub), actor_id: actor.sub, outcome: 'allowed', details });
  }
}

const entryOf = (action: MemberAction, sub: string) => ({ action, resource_type: 'member', resource_id: sub });
const grantOf = ({ roles, privilege_level }: MemberDetails): JsonObject => ({ roles: [...roles], privilege_level });

function checkTexts(texts: Record<string, string | undefined>): void {
  const fields = unstorable(texts);
  if (fields.length > 0) throw invalidRequest(fields);
}

const memberView = ({
  sub,
  display_name,
  roles,
  privilege_level,
  origin,
  created_at,
  updated_at,
}: MemberEntity): MemberView => ({
  sub,
  display_name,
  roles,
  privilege_level,
  origin,
  created_at: created_at.toISOString(),
  updated_at: updated_at.toISOString(),
});
