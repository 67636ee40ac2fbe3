import { type Actor, effectiveLevel, type PrivilegeLevel } from '@aumos/agf-domain';
import { MembersRepository, TenantDb } from '@aumos/agf-persistence';
import { SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable } from '@nestjs/common';
import type { GatewaySettings } from '../config.js';

/** What counts of a caller's level: the least of token, grant and platform cap. */
@Injectable()
export class OwnLevel {
  constructor(
    private readonly db: TenantDb,
    private readonly members: MembersRepository,
    @Inject(SETTINGS) private readonly settings: GatewaySettings,
  ) {}

  async of(actor: Actor): Promise<PrivilegeLevel> {
    const member = await this.db.run(actor.tenant_id, () => this.members.get(actor.sub));
    return effectiveLevel({
      token: actor.privilege_level,
      ...(member ? { grant: member.privilege_level } : {}),
      cap: this.settings.agentMaxPrivilegeLevel as PrivilegeLevel,
    });
  }
}
