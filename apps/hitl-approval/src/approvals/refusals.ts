import { ApiError, type MayNotDecide } from '@aumos/agf-domain';

const REASONS: Record<MayNotDecide, string> = {
  requester: 'Who started the execution cannot decide on it.',
  editor: 'Who edited the call cannot decide on it.',
  excluded: 'Separation of duties: who published the workflow, or decided earlier, cannot decide on it.',
  role: 'Deciding needs the role approver or admin.',
  level: 'Your level is too low for this decision.',
  delegated: 'You have left this to somebody else.',
  approvers: 'Others are asked for this decision.',
};

export const notYours = (reason: MayNotDecide): ApiError => new ApiError('FORBIDDEN', REASONS[reason], { reason });
export const notPending = (): ApiError => new ApiError('INVALID_STATE', 'The approval is not pending any more.');
export const decidedAlready = (): ApiError => new ApiError('CONFLICT', 'You have decided on this approval already.');
export const claimedBy = (by: string, until: Date): ApiError =>
  new ApiError('CONFLICT', `${by} works on it.`, { claimed_by: by, claimed_until: until.toISOString() });
/** What is asked about never changes: another hash is another approval's, or of arguments that somebody edited. */
export const payloadChanged = (payload_hash: string): ApiError =>
  new ApiError('PAYLOAD_CHANGED', 'This is not what was looked at.', { payload_hash });
