import { ApplicationFailure, CancelledFailure, CompleteAsyncError } from '@temporalio/activity';
import {
  API_ERROR_STATUS,
  ApiError,
  shortened,
  ToolError,
  type ExecutionError,
  type JsonObject,
} from '@aumos/agf-domain';
import { NEVER_RETRIED } from '../common/index.js';

/** Whose failure it was. */
export interface FailureSite {
  node: string | null;
  visit: number | null;
  /** of this visit so far, this one included */
  attempts: number;
}

interface Described {
  code: string;
  message: string;
  retryable: boolean;
  details: JsonObject;
}

const jsonObject = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value ?? {})) as JsonObject;

function describe(error: unknown): Described {
  if (error instanceof ToolError)
    return {
      code: error.code,
      message: error.message,
      retryable: error.retryable,
      // Travels with the error, so that the workflow's breaker judges as the tool's did.
      details: { ...jsonObject(error.details), ...(error.fault === 'caller' ? { fault: error.fault } : {}) },
    };
  if (error instanceof ApiError)
    return {
      code: error.code,
      message: error.message,
      retryable: API_ERROR_STATUS[error.code] >= 500 || API_ERROR_STATUS[error.code] === 429,
      details: jsonObject(error.details),
    };
  // What nobody foresaw may name hosts or credentials: its text goes to the log, not into history and API.
  return { code: 'INTERNAL_ERROR', message: 'An internal error', retryable: true, details: {} };
}

/**
 * The one place that decides how an activity's error travels: type = code, first detail = ExecutionError.
 * Temporal's own failures (cancelled, already an ApplicationFailure) pass unchanged.
 */
export function toActivityFailure(error: unknown, site: FailureSite): Error {
  if (
    error instanceof ApplicationFailure ||
    error instanceof CancelledFailure ||
    error instanceof CompleteAsyncError ||
    (error instanceof Error && error.name === 'AbortError')
  )
    return error;
  const { code, retryable, details, ...described } = describe(error);
  const message = shortened(described.message);
  const detail: ExecutionError = { code, message, ...site, details };
  return ApplicationFailure.create({
    type: code,
    message,
    nonRetryable: !retryable || NEVER_RETRIED.has(code),
    ...nextRetry(details),
    details: [detail],
  });
}

/** What was called may say when it takes calls again. */
const nextRetry = ({ retry_after_ms: ms }: JsonObject): { nextRetryDelay?: number } =>
  typeof ms === 'number' && ms > 0 ? { nextRetryDelay: ms } : {};

/** Whether the error's own text may leave the process. */
export const isForeseen = (error: unknown): boolean => error instanceof ToolError || error instanceof ApiError;
