import type { GatePolicyEntity } from '@aumos/agf-persistence';
import type { PolicyView } from './policy.dto.js';

export const policyView = ({ policy, updated_by, updated_at }: GatePolicyEntity): PolicyView => ({
  ...policy,
  updated_by,
  updated_at: updated_at.toISOString(),
});
