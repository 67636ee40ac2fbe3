import { type OutgoingRequest, type OutgoingResponse, type ToolContext, ToolError } from '@aumos/agf-domain';

/**
 * Sends what has an effect. No redirect is followed: what was approved goes where it was approved for.
 * @throws ToolError `OUTCOME_UNKNOWN` when it may have arrived, and nobody knows what became of it
 */
export async function sendOnce(
  request: OutgoingRequest,
  { outgoing, signal }: Pick<ToolContext, 'outgoing' | 'signal'>,
): Promise<OutgoingResponse> {
  try {
    return await outgoing.request({ ...request, maxRedirects: 0, signal });
  } catch (error) {
    throw mayHaveArrived(error) ? unknownOutcome() : error;
  }
}

/** All that can go wrong after the request was sent, as far as one can know. */
const mayHaveArrived = (error: unknown): boolean =>
  error instanceof ToolError &&
  (error.code === 'RESPONSE_TOO_LARGE' ||
    (error.code === 'UPSTREAM_TIMEOUT' && error.details['reason'] !== 'connect') ||
    (error.code === 'UPSTREAM_UNREACHABLE' && error.details['reason'] === 'protocol'));

const unknownOutcome = (): ToolError =>
  new ToolError('OUTCOME_UNKNOWN', 'the request was sent, its answer is lost: whether it had its effect is unknown');
