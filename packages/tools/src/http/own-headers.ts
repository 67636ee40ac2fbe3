import { CallerError } from '@aumos/agf-domain';

/** Arguments are kept with the execution, and shown to approvers: nothing secret belongs there. */
const SECRET: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key']);
/** What the platform itself says of a call. */
const THE_PLATFORMS = /^(?:idempotency-key|webhook-.*)$/;

/** The caller's headers. @throws CallerError `INVALID_ARGUMENTS` */
export function ownHeaders(headers: Record<string, string> = {}): Record<string, string> {
  for (const name of Object.keys(headers).map((each) => each.toLowerCase())) {
    if (SECRET.has(name)) throw refused(`${name} is secret: it does not belong into arguments`);
    if (THE_PLATFORMS.test(name)) throw refused(`${name} is set by the platform`);
  }
  return headers;
}

const refused = (message: string): CallerError => new CallerError('INVALID_ARGUMENTS', message);
