import { type Actor, ApiError, type Json } from '@aumos/agf-domain';
import { AuditRepository, GatePoliciesRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';

@Injectable()
export class RemovePolicy {
  constructor(
    private readonly db: TenantDb,
    private readonly policies: GatePoliciesRepository,
    private readonly audit: AuditRepository,
  ) {}

  /** @throws ApiError NOT_FOUND */
  async run(actor: Actor, name: string): Promise<void> {
    await this.db.run(actor.tenant_id, async () => {
      const before = await this.policies.get(name);
      if (!before || !(await this.policies.remove(name))) throw new ApiError('NOT_FOUND', 'There is no such policy.');
      await this.audit.append({
        actor_id: actor.sub,
        action: 'gate_policy.remove',
        resource_type: 'gate_policy',
        resource_id: name,
        outcome: 'allowed',
        details: { before: before.policy as unknown as Json },
      });
    });
  }
}
