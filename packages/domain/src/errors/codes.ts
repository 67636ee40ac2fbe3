import type { Json } from '../json/json.js';

/** Codes an execution or a node can end with; tools add their own. Source: the definition language, "Errors". */
export const NODE_ERROR_CODES = [
  'APPROVAL_REJECTED',
  'APPROVAL_EXPIRED',
  'CIRCUIT_OPEN',
  'PRIVILEGE_DENIED',
  'ADDRESS_BLOCKED',
  'UPSTREAM_UNREACHABLE',
  'WAIT_TIMEOUT',
  'STATE_SCHEMA',
  'STATE_CONFLICT',
  'STATE_LIMIT',
  'NO_EDGE_MATCHED',
  'DEADLOCK',
  'EXPRESSION_ERROR',
  'OUTPUT_ERROR',
  'OUTCOME_UNKNOWN',
  'MAX_STEPS',
  'EXECUTION_TIMEOUT',
  'CANCELLED',
] as const;
export type NodeErrorCode = (typeof NODE_ERROR_CODES)[number];

/** Codes of the REST API; `details.fields` says which member, where it is one. */
export const API_ERROR_STATUS = {
  VALIDATION_ERROR: 400,
  UNAUTHORIZED: 401,
  TOKEN_EXPIRED: 401,
  FORBIDDEN: 403,
  MISSING_TENANT_CLAIM: 403,
  CROSS_TENANT_ACCESS: 403,
  PRIVILEGE_DENIED: 403,
  /** drills make tools fail: that is for tenants that are named for it */
  NOT_A_SANDBOX: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  COUNT_DIFFERS: 409,
  /** a decision on another payload than the approval's */
  PAYLOAD_CHANGED: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  /** the approval cannot be decided so; `details.allowed_decisions` says how */
  DECISION_NOT_ALLOWED: 422,
  /** the execution that was waited for failed, or was cancelled; how is in its `error` */
  EXECUTION_FAILED: 422,
  INVALID_DEFINITION: 422,
  INVALID_STATE: 422,
  /** no wait node of the execution's version takes a signal of this name */
  UNKNOWN_SIGNAL: 422,
  /** as many signals as are kept wait to be taken */
  TOO_MANY_SIGNALS: 429,
  IDEMPOTENCY_KEY_REUSED: 422,
  IMPOSSIBLE_ANSWER: 422,
  NO_CHECKPOINTS: 422,
  NO_SUCH_VISIT: 422,
  /** a session, a value of it or an agent's sessions would grow over what is allowed: `details.limit` says which */
  SESSION_LIMIT: 422,
  SIMULATION_LIMIT: 422,
  STATE_SCHEMA: 422,
  TOO_MANY_MATCHES: 422,
  /** what is sent of a tool is not what its server says of it, or that is no tool: `details.fields` */
  TOOL_DIFFERS: 422,
  UNANSWERED: 422,
  UNKNOWN_CHANNEL: 422,
  RATE_LIMIT_EXCEEDED: 429,
  QUOTA_EXCEEDED: 429,
  INTERNAL_ERROR: 500,
  BAD_GATEWAY: 502,
  SERVICE_UNAVAILABLE: 503,
  CIRCUIT_OPEN: 503,
} as const;
export type ApiErrorCode = keyof typeof API_ERROR_STATUS;
export const API_ERROR_CODES = Object.keys(API_ERROR_STATUS) as ApiErrorCode[];

/** The shape of `state.error` and of an execution's `error_details`. */
export interface ExecutionError {
  code: string;
  message: string;
  node: string | null;
  visit: number | null;
  attempts: number;
  details: { [key: string]: Json };
}

export interface FieldError {
  field: string;
  error: string;
}

/** A refusal a caller may see. Thrown by use cases, mapped once to HTTP by the platform. */
export class ApiError extends Error {
  constructor(
    readonly code: ApiErrorCode,
    message: string,
    readonly details: { fields?: FieldError[]; retry_after_seconds?: number; [key: string]: unknown } = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** What was sent is not valid: 400, with the members that are wrong. */
export const invalidRequest = (fields: FieldError[]): ApiError =>
  new ApiError('VALIDATION_ERROR', 'The request is not valid.', { fields });
export const invalidField = (field: string, error: string): ApiError => invalidRequest([{ field, error }]);
