import { CallerError, type GatePolicy, type Json } from '@aumos/agf-domain';
import { POLICIES_CHANGED } from '@aumos/agf-engine/common';

/** Nothing was done: the workflow asks people under these, and makes the call anew. */
export const heldByPolicies = (name: string, policies: readonly GatePolicy[]): CallerError => {
  const names = policies.map((policy) => policy.name).join(', ');
  const text = `policies of the tenant hold the call of ${name}, and nobody was asked under them: ${names}`;
  return new CallerError(POLICIES_CHANGED, text, { policies: policies as unknown as Json });
};
