import { type BreakerKey, type CallOutcome, callOutcome, type ExecutionError, type Permit } from '@aumos/agf-domain';

/** What a report tells: the same to every breaker of the permit, or to each its own. */
export type ToldOutcome = CallOutcome | ((key: BreakerKey) => CallOutcome);

/** How a call ended, told to each breaker by the errors that it ignores. @param error null: it went well */
export function toldOutcome(permit: Permit, error: Pick<ExecutionError, 'code' | 'details'> | null): ToldOutcome {
  if (error === null) return 'success';
  const configs = new Map(permit.links.map(({ key, config }) => [key, config]));
  return (key) => callOutcome(error, configs.get(key) ?? {});
}
