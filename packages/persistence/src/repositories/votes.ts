/** Approvals when one more joins those that were read under the lock of what is voted on. */
export const approvalsWith = (before: readonly { decision: string }[]): number =>
  before.filter(({ decision }) => decision === 'approve').length + 1;
