import { type ChannelSettings } from '@aumos/agf-domain';
import { createTransport } from 'nodemailer';
import type { Outcome } from './outcome.js';

const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 15_000;
const PORTS: Record<string, number> = { 'smtp:': 25, 'smtps:': 465 };

export interface MailServerAt {
  /** `smtp:`, with TLS wherever the server offers it, and always where there are credentials; `smtps:`, from the start */
  url: string;
  /** the sender's address; `{tenant}` in it is the tenant's id */
  from: string;
  /** certificates in PEM that are trusted, in place of Node's */
  ca?: string;
}

export interface Mail {
  tenant_id: string;
  /** the same for each attempt */
  id: string;
  settings: ChannelSettings;
  subject: string;
  text: string;
}

/** One message by the platform's server. Texts of servers are not kept: some show what they were sent. */
export async function sendMail(server: MailServerAt, mail: Mail): Promise<Outcome> {
  const from = server.from.replaceAll('{tenant}', mail.tenant_id);
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const { to = [], sender_name, reply_to } = mail.settings;
  const transport = createTransport(transportOf(server, domain));
  try {
    const { rejected } = (await transport.sendMail({
      from: { name: sender_name ?? '', address: from },
      to,
      ...(reply_to === undefined ? {} : { replyTo: reply_to }),
      subject: mail.subject,
      text: mail.text,
      messageId: `<${mail.id}@${domain}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    })) as { rejected: readonly unknown[] };
    // Those who have it would get it again.
    const some = rejected.length === 0 ? {} : { error: `RECIPIENTS_REFUSED_${String(rejected.length)}` };
    return { kind: 'delivered', status: 250, ...some };
  } catch (error) {
    return outcomeOf(error);
  } finally {
    transport.close();
  }
}

function transportOf({ url, ca }: MailServerAt, name: string): Parameters<typeof createTransport>[0] {
  const { protocol, hostname, port, username, password } = new URL(url);
  const user = decodeURIComponent(username);
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? PORTS[protocol] : Number(port),
    secure: protocol === 'smtps:',
    // Credentials never leave in the clear, whoever says that there is no TLS.
    requireTLS: user !== '',
    name,
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(password) } }),
    ...{
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SILENCE_TIMEOUT_MS,
    },
    ...(ca === undefined ? {} : { tls: { ca } }),
  };
}

/** 4yz may pass, 5yz will not. Source: RFC 5321, 4.2.1. Whether the platform may sign in is the platform's to mend. */
function outcomeOf(error: unknown): Outcome {
  const { code = 'SMTP_FAILED', responseCode } = Object(error) as { code?: string; responseCode?: number };
  const status = responseCode ?? null;
  const name = status === null ? code : `SMTP_${String(status)}`;
  const final = status !== null && status >= 500 && code !== 'EAUTH';
  return { kind: final ? 'refused' : 'failed', status, error: name };
}
