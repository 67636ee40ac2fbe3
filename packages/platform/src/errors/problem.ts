import { STATUS_CODES } from 'node:http';
import { API_ERROR_STATUS, ApiError, type ApiErrorCode } from '@aumos/agf-domain';
import { HttpException } from '@nestjs/common';

/** RFC 9457, with the platform's members. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  /** the same text as `message` */
  detail: string;
  /** path of the request, without its query */
  instance?: string;
  code: ApiErrorCode;
  message: string;
  details: Record<string, unknown>;
  request_id: string;
  timestamp: string;
}

export const PROBLEM_TYPE = 'application/problem+json';

/** What a throwable means to the caller. */
interface Refusal {
  status: number;
  code: ApiErrorCode;
  message: string;
  details: Record<string, unknown>;
}

const CODE_OF: Readonly<Record<number, ApiErrorCode>> = {
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'INVALID_STATE',
  429: 'RATE_LIMIT_EXCEEDED',
  502: 'BAD_GATEWAY',
  503: 'SERVICE_UNAVAILABLE',
  504: 'SERVICE_UNAVAILABLE',
};

/** What Fastify's own refusals say instead of their texts for programmers. */
const MESSAGE_OF: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The content type is not accepted here.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is too large.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as Content-Length says.',
  FST_ERR_BAD_URL: 'The URL is malformed.',
  FST_ERR_MAX_PARAM_LENGTH: 'A part of the path is too long.',
};

const codeFor = (status: number): ApiErrorCode =>
  CODE_OF[status] ?? (status >= 500 ? 'INTERNAL_ERROR' : 'VALIDATION_ERROR');

function clientStatus(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

/** The one place where a throwable becomes an answer. Whatever is not a known refusal is a 500 without a word of it. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof ApiError)
    return { status: API_ERROR_STATUS[error.code], code: error.code, message: error.message, details: error.details };
  if (error instanceof HttpException && error.getStatus() < 500)
    return { status: error.getStatus(), code: codeFor(error.getStatus()), message: textOf(error), details: {} };
  const status = error instanceof HttpException ? error.getStatus() : clientStatus(error);
  if (status === undefined || status === 500)
    return { status: 500, code: 'INTERNAL_ERROR', message: 'Something went wrong on our side.', details: {} };
  if (status > 500) return { status, code: codeFor(status), message: STATUS_CODES[status] ?? 'Error', details: {} };
  return { status, code: codeFor(status), message: textOf(error as Error), details: {} };
}

function textOf(error: Error): string {
  const known = MESSAGE_OF[(error as { code?: string }).code ?? ''];
  if (known !== undefined) return known;
  if (error instanceof HttpException && error.getStatus() === 404) return 'There is no such resource.';
  return error.message;
}

/** @param at the path asked for, where it is known */
export function toProblem(error: unknown, request: { id: string; at?: string }): Problem {
  const { status, code, message, details } = refusalOf(error);
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    ...(request.at === undefined ? {} : { instance: request.at }),
    code,
    message,
    details,
    request_id: request.id,
    timestamp: new Date().toISOString(),
  };
}

/** Marks the refusal of a request that brought no token. */
export const NO_TOKEN = { token: 'missing' } as const;

/** RFC 6750, 3.1: who brought no token is told of no error in it. */
const challengeOf = ({ details }: Problem): string =>
  details['token'] === NO_TOKEN.token ? 'Bearer' : 'Bearer error="invalid_token"';

/** Headers that belong to a problem: Retry-After (seconds), Allow, WWW-Authenticate. */
export function problemHeaders(problem: Problem): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store' };
  const { retry_after_seconds: wait, allow } = problem.details;
  if (typeof wait === 'number') headers['retry-after'] = String(Math.max(1, Math.ceil(wait)));
  if (Array.isArray(allow)) headers['allow'] = allow.join(', ');
  if (problem.status === 401) headers['www-authenticate'] = challengeOf(problem);
  return headers;
}
