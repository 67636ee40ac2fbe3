const MAX_CAUSES = 3;

/** Of an error: its type, code, message, stack and causes; never its other members, which may hold a query's values. */
export function errorFields(error: unknown, causes = 0): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: error.message,
    stack: error.stack,
    ...(error.cause instanceof Error && causes < MAX_CAUSES ? { cause: errorFields(error.cause, causes + 1) } : {}),
  };
}
