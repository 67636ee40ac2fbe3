import { CallerError, ToolError } from '@aumos/agf-domain';
import { S3ServiceException } from '@aws-sdk/client-s3';

const statusOf = (error: unknown): number =>
  error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? 0) : 0;

/** Something has the key: S3 says 412 for what is there, and 409 for what just comes to be. */
export const isThere = (error: unknown): boolean => [409, 412].includes(statusOf(error));

/** Stores' own texts are left out: they name keys of access. */
export function asToolError(error: unknown): unknown {
  if (error instanceof ToolError || !(error instanceof S3ServiceException)) return error;
  const status = statusOf(error);
  const details = { status, reason: error.name.slice(0, 100) };
  if (isThere(error)) return new CallerError('FILE_EXISTS', 'there is an object of this key', details);
  if (status === 404) return new CallerError('BUCKET_NOT_FOUND', 'there is no such bucket', details);
  if (status === 401 || status === 403)
    return new ToolError(
      'STORE_FORBIDS',
      "the store does not let the connection's credentials do this",
      false,
      details,
    );
  const retryable = status >= 500 || status === 429 || status === 408;
  return new ToolError('STORE_FAILED', `the store answered ${String(status)}`, retryable, details);
}
