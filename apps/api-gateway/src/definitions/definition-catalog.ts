import { type DefinitionCatalog, type MemberInfo, type PrivilegeLevel, RUNNABLE } from '@aumos/agf-domain';
import { MemberEntity, TenantDb } from '@aumos/agf-persistence';
import { SETTINGS } from '@aumos/agf-platform';
import { BuiltinTools } from '@aumos/agf-tools';
import { Inject, Injectable } from '@nestjs/common';
import { ArrayOverlap } from 'typeorm';
import type { GatewaySettings } from '../config.js';
import { CalledWorkflows } from './called-workflows.js';

/** Beyond these, whether enough can decide is no question any more. */
const DECIDERS_LOOKED_AT = 1_000;

/** What a definition's names stand for in the tenant that publishes it. Another tenant's are unknown. */
@Injectable()
export class PublishCatalog {
  constructor(
    private readonly db: TenantDb,
    private readonly tools: BuiltinTools,
    private readonly called: CalledWorkflows,
    @Inject(SETTINGS) private readonly settings: GatewaySettings,
  ) {}

  /** @param definition as it was sent: of the tenant's workflows, those it names are looked up */
  async of(tenantId: string, definition: unknown): Promise<DefinitionCatalog> {
    const catalog: DefinitionCatalog = {
      tools: this.tools.specs,
      max_privilege_level: this.settings.agentMaxPrivilegeLevel as PrivilegeLevel,
      availableNodeTypes: RUNNABLE.nodeTypes,
      availableMembers: RUNNABLE.members,
    };
    const workflows = await this.called.of(tenantId, definition, catalog);
    // Nobody declares the list complete yet: others may come by their tokens.
    return { ...catalog, workflows, members: { list: await this.deciders(tenantId), complete: false } };
  }

  private async deciders(tenantId: string): Promise<MemberInfo[]> {
    return this.db.run(tenantId, (em) =>
      em.find(MemberEntity, {
        select: { id: true, sub: true, roles: true, privilege_level: true },
        where: { roles: ArrayOverlap(['approver', 'admin']) },
        order: { privilege_level: 'DESC' },
        take: DECIDERS_LOOKED_AT,
      }),
    );
  }
}
