import { type Actor, ApiError, type PrivilegeLevel } from '@aumos/agf-domain';
import { AuditRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { OwnLevel } from '../members/own-level.js';

/** Nobody writes a tool of a level that they do not have, nor over one: it would be called at less than it was. */
@Injectable()
export class CheckWriter {
  constructor(
    private readonly db: TenantDb,
    private readonly audit: AuditRepository,
    private readonly level: OwnLevel,
  ) {}

  /** A refusal is in the audit. @throws ApiError PRIVILEGE_DENIED */
  async run(actor: Actor, action: string, name: string, need: PrivilegeLevel): Promise<void> {
    const effective = await this.level.of(actor);
    if (need <= effective) return;
    const entry = { actor_id: actor.sub, action, resource_type: 'tool', resource_id: name, outcome: 'denied' as const };
    await this.db.run(actor.tenant_id, () => this.audit.append({ ...entry, details: { need, effective } }));
    const text = 'A tool has at most the level of who writes it, and is written by nobody of a lower one.';
    throw new ApiError('PRIVILEGE_DENIED', text, { need, effective });
  }
}
