import {
  type AgentInfo,
  type DefinitionCatalog,
  isStorableText,
  type MemberInfo,
  type PrivilegeLevel,
  RUNNABLE,
} from '@aumos/agf-domain';
import {
  agentSpecOf,
  AgentsRepository,
  ApproverGroupsRepository,
  MemberEntity,
  TenantDb,
  TenantsRepository,
} from '@aumos/agf-persistence';
import { SETTINGS } from '@aumos/agf-platform';
import { ToolCatalog } from '@aumos/agf-tools';
import { Inject, Injectable } from '@nestjs/common';
import { ArrayOverlap } from 'typeorm';
import type { GatewaySettings } from '../config.js';
import { CalledWorkflows } from './called-workflows.js';
import { calledBy, toolsNamedIn } from './called-by.js';

/** Beyond these, whether enough can decide is no question any more. */
const DECIDERS_LOOKED_AT = 1_000;

/** What a definition's names stand for in the tenant that publishes it. Another tenant's are unknown. */
@Injectable()
export class PublishCatalog {
  constructor(
    private readonly db: TenantDb,
    private readonly tools: ToolCatalog,
    private readonly called: CalledWorkflows,
    private readonly agents: AgentsRepository,
    private readonly tenants: TenantsRepository,
    private readonly groups: ApproverGroupsRepository,
    @Inject(SETTINGS) private readonly settings: GatewaySettings,
  ) {}

  /** @param definition as it was sent: of the tenant's workflows, those it names are looked up */
  async of(tenantId: string, definition: unknown): Promise<DefinitionCatalog> {
    const agents = await this.agentsIn(tenantId, definition);
    const theirs = [...agents.values()].flatMap(({ tools = [] }) => [...tools]);
    const catalog: DefinitionCatalog = {
      agents,
      tools: await this.tools.of(tenantId, [...toolsNamedIn(definition), ...theirs]),
      max_privilege_level: this.settings.agentMaxPrivilegeLevel as PrivilegeLevel,
      availableNodeTypes: RUNNABLE.nodeTypes,
      availableMembers: RUNNABLE.members,
    };
    const workflows = await this.called.of(tenantId, definition, catalog);
    const groups = await this.db.run(tenantId, () => this.groups.all());
    return { ...catalog, workflows, groups, members: await this.members(tenantId) };
  }

  /** Retired ones are gone. A suspended one may act again by the time it is called. */
  private async agentsIn(tenantId: string, definition: unknown): Promise<ReadonlyMap<string, AgentInfo>> {
    const names = calledBy(definition, 'agent').filter(isStorableText);
    if (names.length === 0) return new Map();
    const found = await this.db.run(tenantId, () => this.agents.called(names));
    return new Map(
      [...found].flatMap(([name, row]) => {
        const { privilege_level, tools } = agentSpecOf(row);
        return row.status === 'retired' ? [] : [[name, { privilege_level, tools }]];
      }),
    );
  }

  /** Where the list is not declared complete, others may come by their tokens. */
  private async members(tenantId: string): Promise<{ list: MemberInfo[]; complete: boolean }> {
    return this.db.run(tenantId, async (em) => {
      const list = await em.find(MemberEntity, {
        select: { id: true, sub: true, roles: true, privilege_level: true },
        where: { roles: ArrayOverlap(['approver', 'admin']) },
        order: { privilege_level: 'DESC' },
        take: DECIDERS_LOOKED_AT,
      });
      return { list, complete: (await this.tenants.get())?.members_complete ?? false };
    });
  }
}
