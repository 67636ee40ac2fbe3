import { GatePoliciesRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { policyView } from './policy.convert.js';
import type { PolicyView } from './policy.dto.js';

@Injectable()
export class ListPolicies {
  constructor(
    private readonly db: TenantDb,
    private readonly policies: GatePoliciesRepository,
  ) {}

  async run(tenantId: string): Promise<PolicyView[]> {
    return this.db.run(tenantId, async () => (await this.policies.list()).map(policyView));
  }
}
