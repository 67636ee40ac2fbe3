import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import { type SmtpConnection, type ToolContext } from '@aumos/agf-domain';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { type Composed } from './compose.js';
import { asToolError } from './delivery-errors.js';

/** Submission, with and without TLS from the start, and between servers. Source: RFC 8314, RFC 6409. */
const USUAL_PORTS = [25, 465, 587, 2525];
/** ms */
const CONNECT_TIMEOUT = 10_000;
const SILENCE_TIMEOUT = 30_000;

export interface Delivered {
  accepted: string[];
  rejected: string[];
}

/**
 * One message over a connection of its own, to an address that was checked.
 * @param ca certificates in PEM that are trusted, in place of Node's
 * @throws ToolError of delivery-errors.ts; the reason of the signal before the message was begun
 */
export async function deliver(
  connection: SmtpConnection,
  { recipients, bytes }: Composed,
  { outgoing, signal }: Pick<ToolContext, 'outgoing' | 'signal'>,
  ca?: string,
): Promise<Delivered> {
  const { host, port, tls, from, credentials } = connection;
  const [address = host] = await outgoing.addresses({ host, port, usual: USUAL_PORTS }, signal);
  const smtp = new SMTPConnection({
    ...{ host: address, port, secure: tls === 'implicit', requireTLS: tls === 'starttls', ignoreTLS: tls === 'none' },
    ...{ connectionTimeout: CONNECT_TIMEOUT, greetingTimeout: CONNECT_TIMEOUT, socketTimeout: SILENCE_TIMEOUT },
    // Not the machine's name.
    name: from.slice(from.lastIndexOf('@') + 1),
    tls: { ...(isIP(host) === 0 ? { servername: host } : {}), ...(ca === undefined ? {} : { ca }) },
    logger: false,
  });
  const sent = { begun: false };
  const stop = (): void => smtp.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    await step(smtp, (done) => smtp.connect(done));
    if (credentials)
      await step(smtp, (done) => smtp.login({ user: credentials.user, pass: credentials.password }, done));
    const envelope = { from, to: recipients, size: bytes.length };
    const { accepted, rejected } = await step<Delivered>(smtp, (done) =>
      smtp.send(envelope, watched(bytes, sent), (error, info) => done(error, info)),
    );
    return { accepted, rejected };
  } catch (error) {
    if (!sent.begun) signal.throwIfAborted();
    throw asToolError(error, host, sent.begun);
  } finally {
    signal.removeEventListener('abort', stop);
    smtp.close();
  }
}

type Done<T> = (error?: Error | null, result?: T) => void;

/** What happens between the answers is told by an event. */
const step = <T>(smtp: SMTPConnection, run: (done: Done<T>) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    smtp.once('error', reject);
    smtp.once('end', () => reject(Object.assign(new Error('ended'), { code: 'ECONNECTION' })));
    run((error, result) => (error ? reject(error) : resolve(result as T)));
  });

/** It is read when the server has asked for it: from then on it may arrive. */
function watched(bytes: Buffer, sent: { begun: boolean }): Readable {
  return Readable.from(
    (function* () {
      sent.begun = true;
      yield bytes;
    })(),
  );
}
