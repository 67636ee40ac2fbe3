import { type Fault, type JsonObject, ToolError } from '@aumos/agf-domain';

/** Whose each is, and whether another attempt may help. */
const CODES = {
  ADDRESS_BLOCKED: { fault: 'caller', retryable: false },
  INVALID_REQUEST: { fault: 'caller', retryable: false },
  RESPONSE_TOO_LARGE: { fault: 'caller', retryable: false },
  TOO_MANY_REDIRECTS: { fault: 'tool', retryable: false },
  UPSTREAM_TIMEOUT: { fault: 'tool', retryable: true },
  UPSTREAM_UNREACHABLE: { fault: 'tool', retryable: true },
} as const satisfies Record<string, { fault: Fault; retryable: boolean }>;

/** Why an address is blocked, in `details.reason`. */
export type BlockedReason =
  /** not an absolute URL, or one that readers may understand differently */
  | 'url'
  | 'scheme'
  | 'credentials'
  | 'port'
  /** a name that stands for something inside */
  | 'name'
  /** it is, or its name leads to, an address that is not public */
  | 'address'
  /** the tenant's list of hosts does not have it */
  | 'not_listed'
  /** a redirect from https to http */
  | 'downgrade';

/** Its text names the host that was asked for at most: no path, no query, no header, no address a name led to. */
export class OutgoingError extends ToolError {
  override readonly fault: Fault;

  constructor(code: keyof typeof CODES, message: string, details: JsonObject = {}) {
    super(code, message, CODES[code].retryable, details);
    this.fault = CODES[code].fault;
  }
}

export const blocked = (reason: BlockedReason, message: string): OutgoingError =>
  new OutgoingError('ADDRESS_BLOCKED', message, { reason });

/** @param reason `dns`, `connect`, `tls` or `protocol` */
export const unreachable = (reason: 'dns' | 'connect' | 'tls' | 'protocol', message: string): OutgoingError =>
  new OutgoingError('UPSTREAM_UNREACHABLE', message, { reason });
