import { type IncomingMessage, type ServerResponse } from 'node:http';

/** Of a request only what is named here is logged: no headers, no query, no body. */
export const requestFields = (request: IncomingMessage & { originalUrl?: string }): Record<string, unknown> => ({
  method: request.method,
  path: (request.originalUrl ?? request.url ?? '').split('?')[0],
});

export const responseFields = (response: ServerResponse): Record<string, unknown> => ({
  status: response.statusCode,
});

const MAX_CAUSES = 3;

/** Of an error: its type, code, message, stack and causes; never its other members, which may hold a query's values. */
export function errorFields(error: unknown, causes = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: error.message,
    stack: error.stack,
    ...(error.cause instanceof Error && causes < MAX_CAUSES ? { cause: errorFields(error.cause, causes + 1) } : {}),
  };
}
