import { OutgoingError, unreachable } from './outgoing-error.js';

/** What OpenSSL and Node say of a certificate that is not the host's, or nobody's they know. */
const TLS = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA)/;
/** Nothing was sent. */
const CONNECT = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES|EPERM)$/;

/** The texts of what Node and undici throw name addresses: they are left out, and the cause with them. */
export function asOutgoingError(error: unknown, host: string): OutgoingError {
  if (error instanceof OutgoingError) return error;
  const code = codeOf(error);
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT')
    return new OutgoingError('UPSTREAM_TIMEOUT', `${host} cannot be connected to in time`, { reason: 'connect' });
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW')
    return new OutgoingError('RESPONSE_TOO_LARGE', `the headers of ${host} are too large`);
  if (TLS.test(code)) return unreachable('tls', `${host} has no certificate that can be trusted`);
  if (CONNECT.test(code)) return unreachable('connect', `${host} cannot be connected to`);
  return unreachable('protocol', `${host} gave no whole answer`);
}

/** Attempts at several addresses end with one error that holds the others. */
function codeOf(error: unknown): string {
  const { code, errors } = Object(error) as { code?: unknown; errors?: unknown };
  if (typeof code === 'string') return code;
  return Array.isArray(errors) && errors.length > 0 ? codeOf(errors[0]) : '';
}
