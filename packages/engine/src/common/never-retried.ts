/** Repeating these changes nothing, whatever the thrower says of them. */
export const NEVER_RETRIED: ReadonlySet<string> = new Set([
  'PRIVILEGE_DENIED',
  'ADDRESS_BLOCKED',
  'APPROVAL_REJECTED',
  'APPROVAL_EXPIRED',
  'CIRCUIT_OPEN',
  'CANCELLED',
  'OUTCOME_UNKNOWN',
]);
