import { callOutcome, type ExecutionError, type Permit, type ReportedOutcome } from '@aumos/agf-domain';

/** How a call ended, told to each breaker by the errors that it ignores. @param error null: it went well */
export function toldOutcome(permit: Permit, error: Pick<ExecutionError, 'code' | 'details'> | null): ReportedOutcome {
  if (error === null) return 'success';
  const configs = new Map(permit.links.map(({ key, config }) => [key, config]));
  return (key) => callOutcome(error, configs.get(key) ?? {});
}
