import { CallerError, type JsonObject, ToolError } from '@aumos/agf-domain';

interface Failure {
  code?: string;
  message?: string;
  /** of the server's answer: 4yz may pass, 5yz will not. Source: RFC 5321, 4.2.1 */
  responseCode?: number;
}

/** Servers' own texts are left out: some show what they were sent. @param begun the message may have arrived */
export function asToolError(error: unknown, host: string, begun: boolean): unknown {
  if (error instanceof ToolError) return error;
  const { code = '', responseCode, message = '' } = Object(error) as Failure;
  const details: JsonObject = responseCode === undefined ? {} : { smtp_status: responseCode };
  const passing = responseCode !== undefined && responseCode >= 400 && responseCode < 500;
  if (begun && responseCode === undefined)
    return new ToolError('OUTCOME_UNKNOWN', 'the message was sent, its answer is lost: whether it arrived is unknown');
  if (code === 'EAUTH' || code === 'ENOAUTH')
    return new ToolError('SMTP_LOGIN_REFUSED', `${host} does not take the connection's credentials`, passing, details);
  if (code === 'ETLS') return new ToolError('SMTP_TLS_FAILED', `${host} speaks no TLS that can be trusted`, false);
  if (responseCode !== undefined) return refused(code, host, { passing, status: responseCode });
  if (code === 'ETIMEDOUT') return new ToolError('UPSTREAM_TIMEOUT', `${host} did not answer in time`, true);
  if (isCertificate(message)) return new ToolError('SMTP_TLS_FAILED', `${host} has no certificate that can be trusted`);
  if (code === '') return error;
  return new ToolError('UPSTREAM_UNREACHABLE', `${host} cannot be connected to, or speaks no SMTP`, true);
}

function refused(code: string, host: string, { passing, status }: { passing: boolean; status: number }): ToolError {
  const [name, what] =
    code === 'EENVELOPE' ? ['RECIPIENTS_REFUSED', 'the sender, or all recipients'] : ['MESSAGE_REFUSED', 'the message'];
  const message = `${host} does not take ${what}: ${String(status)}`;
  const details = { smtp_status: status };
  return passing ? new ToolError(name, message, true, details) : new CallerError(name, message, details);
}

const isCertificate = (message: string): boolean => /certificate|altname|wrong version number|\bSSL\b/i.test(message);
