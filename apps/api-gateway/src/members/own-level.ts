import { type Actor, ApiError, effectiveLevel, type PrivilegeLevel } from '@aumos/agf-domain';
import { type AuditEntry, AuditRepository, MembersRepository, TenantDb } from '@aumos/agf-persistence';
import { SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable } from '@nestjs/common';
import type { GatewaySettings } from '../config.js';

/** What was asked for, as the audit has it when it is refused; `details`: default the levels. */
export type Refusal = Pick<AuditEntry, 'action' | 'resource_type' | 'resource_id' | 'details'> & {
  /** what the caller is told */
  why: string;
};

interface Levels {
  need: PrivilegeLevel;
  effective: PrivilegeLevel;
}

/** What counts of a caller's level: the least of token, grant and platform cap. */
@Injectable()
export class OwnLevel {
  constructor(
    private readonly db: TenantDb,
    private readonly members: MembersRepository,
    private readonly audit: AuditRepository,
    @Inject(SETTINGS) private readonly settings: GatewaySettings,
  ) {}

  async of(actor: Actor): Promise<PrivilegeLevel> {
    const member = await this.db.run(actor.tenant_id, () => this.members.granted(actor.sub));
    return effectiveLevel({
      token: actor.privilege_level,
      ...(member ? { grant: member.privilege_level } : {}),
      cap: this.settings.agentMaxPrivilegeLevel as PrivilegeLevel,
    });
  }

  /** @throws ApiError PRIVILEGE_DENIED, which is audited */
  async mustReach(actor: Actor, need: PrivilegeLevel, refusal: Refusal): Promise<void> {
    const effective = await this.of(actor);
    if (need > effective) throw await this.refused(actor, { need, effective }, refusal);
  }

  /** Audits it in a scope of its own. */
  async refused(actor: Actor, levels: Levels, { why, ...asked }: Refusal): Promise<ApiError> {
    const entry = { details: { ...levels }, ...asked, actor_id: actor.sub, outcome: 'denied' as const };
    await this.db.run(actor.tenant_id, () => this.audit.append(entry));
    return new ApiError('PRIVILEGE_DENIED', why, { ...levels });
  }
}
