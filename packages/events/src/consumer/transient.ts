/** PostgreSQL: connection lost or refused, too many connections, shutting down, not accepting yet, serialization, deadlock. */
const SQL_STATES = /^(08...|53...|57P0[1-5]|25P0[34]|40001|40P01)$/;
const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** What pg throws without a code. */
const MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i;

/** Whether a service that the handler needs is away: the event is not to blame, so it waits and never dies of it. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && (SQL_STATES.test(code) || SYSTEM_CODES.has(code))) return true;
  if (MESSAGES.test(error.message)) return true;
  return isTransient(error.cause) || (error instanceof AggregateError && error.errors.some(isTransient));
}
