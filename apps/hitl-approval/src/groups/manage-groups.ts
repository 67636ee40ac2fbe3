import { type Actor, type ApproverGroup, type JsonObject } from '@aumos/agf-domain';
import { type ApproverGroupEntity, ApproverGroupsRepository, AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound, type Page, pageOf, type PageQuery } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import type { GroupDto, GroupView } from './group.dto.js';

/** Groups of approvers, as gates and policies name them. A decision is judged by what they are when it is taken. */
@Injectable()
export class ManageGroups {
  constructor(
    private readonly db: TenantDb,
    private readonly groups: ApproverGroupsRepository,
    private readonly audit: AuditRepository,
  ) {}

  async list(tenantId: string, query: PageQuery): Promise<Page<GroupView>> {
    return this.db.run(tenantId, async () => {
      const { items, total } = await this.groups.list(query);
      return pageOf(items.map(groupView), total, query);
    });
  }

  async put(actor: Actor, name: string, { members = [], roles = [], claims = [] }: GroupDto): Promise<GroupView> {
    const group = { name, members, roles, claims: claims.map(({ claim, value }) => ({ claim, value })) };
    return this.db.run(actor.tenant_id, async () => {
      const before = await this.groups.get(name);
      await this.groups.put(group, actor.sub);
      await this.audited(actor, name, 'approver_group.put', { ...told(group), before: before && told(before) });
      return groupView((await this.groups.get(name))!);
    });
  }

  /** @throws ApiError NOT_FOUND */
  async remove(actor: Actor, name: string): Promise<void> {
    await this.db.run(actor.tenant_id, async () => {
      const before = await this.groups.get(name);
      if (!before || !(await this.groups.remove(name))) throw notFound();
      await this.audited(actor, name, 'approver_group.remove', told(before));
    });
  }

  private async audited({ sub }: Actor, name: string, action: string, details: JsonObject): Promise<void> {
    const of = { resource_type: 'approver_group', resource_id: name, outcome: 'allowed' } as const;
    await this.audit.append({ actor_id: sub, action, ...of, details });
  }
}

const told = ({ members, roles, claims }: Omit<ApproverGroup, 'name'>): JsonObject => ({ members, roles, claims });

const groupView = (row: ApproverGroupEntity): GroupView => ({
  ...{ name: row.name, members: row.members, roles: row.roles, claims: row.claims, updated_by: row.updated_by },
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});
