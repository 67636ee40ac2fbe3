import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** A message as the server took it. */
export interface Mail {
  from: string;
  recipients: string[];
  /** as it came, headers and all */
  raw: string;
  parsed: ParsedMail;
  user: string | null;
  secure: boolean;
}

/** What becomes of it; a number is the status of a refusal. */
export interface MailRules {
  recipient?: (address: string) => number | undefined;
  message?: (mail: Mail) => number | 'cut' | undefined;
}

export interface MailServerOptions {
  /** in PEM */
  tls?: { key: string; cert: string };
  /** TLS from the start; else by STARTTLS, where `tls` is given */
  implicit?: boolean;
  /** who may sign in, and has to */
  account?: { user: string; password: string };
}

const refusal = (status: number): Error => Object.assign(new Error('not here'), { responseCode: status });

/** A mail server that speaks SMTP, keeps what it was sent, and refuses what a test tells it to. */
export class MailServer {
  readonly mails: Mail[] = [];
  private rules: MailRules = {};

  private constructor(private readonly server: SMTPServer) {}

  static async start({ tls, implicit = false, account }: MailServerOptions = {}): Promise<MailServer> {
    const server = new SMTPServer({
      ...tls,
      secure: implicit,
      ...(tls ? {} : { hideSTARTTLS: true }),
      authOptional: account === undefined,
      disabledCommands: account === undefined ? ['AUTH'] : [],
      logger: false,
      onAuth: ({ username, password }, _, done) => {
        if (username === account?.user && password === account?.password) done(null, { user: username });
        else done(refusal(535));
      },
      onRcptTo: ({ address }, _, done) => {
        const status = mail.rules.recipient?.(address);
        done(status === undefined ? null : refusal(status));
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => void mail.take(Buffer.concat(chunks), session).then(done, done));
      },
    });
    const mail = new MailServer(server);
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return mail;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  /** From now on; mails are counted anew. */
  follows(rules: MailRules = {}): void {
    this.mails.length = 0;
    this.rules = rules;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => void this.server.close(resolve));
  }

  /** @returns what refuses it */
  private async take(bytes: Buffer, session: SMTPServerSession): Promise<Error | null> {
    const { mailFrom, rcptTo } = session.envelope;
    const mail: Mail = {
      from: mailFrom === false ? '' : mailFrom.address,
      recipients: rcptTo.map(({ address }) => address),
      raw: bytes.toString(),
      parsed: await simpleParser(bytes),
      user: (session.user as string | undefined) ?? null,
      secure: session.secure,
    };
    this.mails.push(mail);
    const said = this.rules.message?.(mail);
    if (said === 'cut') {
      for (const connection of this.server.connections as Set<{ close(): void; _socket: { destroy(): void } }>)
        connection._socket.destroy();
      return new Promise(() => undefined);
    }
    return said === undefined ? null : refusal(said);
  }
}
