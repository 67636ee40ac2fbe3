import {
  BREAKER_STATES,
  type BreakerKey,
  type BreakerState,
  type BreakerTransition,
  TRANSITION_REASONS,
  type TransitionReason,
} from '@aumos/agf-domain';

const isState = (value: unknown): value is BreakerState => BREAKER_STATES.includes(value as BreakerState);
const isReason = (value: unknown): value is TransitionReason => TRANSITION_REASONS.includes(value as TransitionReason);

/**
 * An entry of a tenant's transition stream (`breakerTransitionsKey`), as XREAD and XRANGE give its fields.
 * @throws Error when it is none
 */
export function transitionOf(fields: readonly string[]): BreakerTransition {
  const entry: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let i = 0; i + 1 < fields.length; i += 2) entry[fields[i] as string] = fields[i + 1] as string;
  const {
    tenant_id,
    key,
    from,
    to,
    epoch,
    failure_count,
    calls = failure_count,
    slow = '0',
    reason,
    until,
    at,
  } = entry;
  if (!tenant_id || !key || !isState(from) || !isState(to) || !isReason(reason) || !at)
    throw new Error('not a breaker transition');
  return {
    tenant_id,
    key: key as BreakerKey,
    from,
    to,
    epoch: Number(epoch),
    failure_count: Number(failure_count),
    counts: { failures: Number(failure_count), calls: Number(calls), slow: Number(slow) },
    reason,
    until: until ? until : null,
    at,
  };
}
