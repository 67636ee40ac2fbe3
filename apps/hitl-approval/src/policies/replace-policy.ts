import {
  type Actor,
  checkGatePolicy,
  type GatePolicy,
  invalidField,
  invalidRequest,
  type Json,
} from '@aumos/agf-domain';
import { AuditRepository, GatePoliciesRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { policyView } from './policy.convert.js';
import type { PolicyDto, PolicyView } from './policy.dto.js';

/** Each call evaluates all of them. */
const MOST_POLICIES = 100;

/** Makes a tenant's policy, or another of the same name. It holds what is dispatched from then on. */
@Injectable()
export class ReplacePolicy {
  constructor(
    private readonly db: TenantDb,
    private readonly policies: GatePoliciesRepository,
    private readonly audit: AuditRepository,
  ) {}

  /** @throws ApiError VALIDATION_ERROR */
  async run(actor: Actor, name: string, body: PolicyDto): Promise<PolicyView> {
    const policy = checked({ ...body, name });
    return this.db.run(actor.tenant_id, async () => {
      const all = await this.policies.list();
      const before = all.find((row) => row.name === name);
      if (!before && all.length >= MOST_POLICIES)
        throw invalidField('name', `a tenant has ${String(MOST_POLICIES)} policies at most`);
      await this.policies.put(policy, actor.sub);
      await this.audit.append({
        actor_id: actor.sub,
        action: 'gate_policy.replace',
        resource_type: 'gate_policy',
        resource_id: name,
        outcome: 'allowed',
        details: { policy: asJson(policy), before: before ? asJson(before.policy) : null },
      });
      return policyView((await this.policies.get(name))!);
    });
  }
}

const asJson = (policy: GatePolicy): Json => policy as unknown as Json;

/** @throws ApiError VALIDATION_ERROR */
function checked(input: object): GatePolicy {
  const result = checkGatePolicy(input);
  if ('fields' in result) throw invalidRequest(result.fields);
  return result.policy;
}
