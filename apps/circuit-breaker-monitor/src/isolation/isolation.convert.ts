import type { BreakerIsolation } from '@aumos/agf-domain';
import type { IsolationView } from './isolation.view.js';

export const isolationView = ({ reason, by, since, until }: BreakerIsolation): IsolationView => ({
  reason,
  isolated_by: by,
  since,
  expires_at: until,
});
