import { ApiError } from '@aumos/agf-domain';
import type { CommandRequested } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';

type Refused = Extract<CommandRequested, { kind: 'ended' | 'full' | 'not_found' }>;

const isRefused = (requested: CommandRequested): requested is Refused =>
  requested.kind === 'ended' || requested.kind === 'full' || requested.kind === 'not_found';

/** What was noted. @throws ApiError NOT_FOUND, INVALID_STATE when it has ended, TOO_MANY_SIGNALS */
export function requested(answer: CommandRequested): Exclude<CommandRequested, Refused> {
  if (!isRefused(answer)) return answer;
  if (answer.kind === 'not_found') throw notFound();
  if (answer.kind === 'ended')
    throw new ApiError('INVALID_STATE', 'The execution has ended.', { status: answer.status });
  throw new ApiError('TOO_MANY_SIGNALS', 'As many signals as are kept wait to be taken.', { retry_after_seconds: 5 });
}
