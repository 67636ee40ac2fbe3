import { type JsonObject, type SmtpConnection } from '@aumos/agf-domain';
import { createOutgoing } from '@aumos/agf-outgoing';
import { certificateFor, type Certificate, MailServer } from '@aumos/agf-testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { emailSendBy } from '../src/builtin/email-send/email-send.js';
import { runTool } from '../src/run/run-tool.js';
import { context, type TestContext } from './context.js';
import { refusal } from './run-builtin.js';

const ACCOUNT = { user: 'acme', password: 'CANARY-password' };
const RESOLVER = { resolve: async () => ['127.0.0.1'] };

describe('email_send', () => {
  let mail: MailServer;
  let secure: MailServer;
  let implicit: MailServer;
  let certificate: Certificate;
  beforeAll(async () => {
    certificate = await certificateFor('mail.example.com');
    [mail, secure, implicit] = await Promise.all([
      MailServer.start(),
      MailServer.start({ tls: certificate, account: ACCOUNT }),
      MailServer.start({ tls: certificate, account: ACCOUNT, implicit: true }),
    ]);
  });
  afterAll(() => Promise.all([mail.close(), secure.close(), implicit.close()]));
  beforeEach(() => {
    for (const each of [mail, secure, implicit]) each.follows();
  });

  const plain = (over: Partial<SmtpConnection> = {}): SmtpConnection => ({
    ...{ id: 'c', name: 'mail', kind: 'smtp', host: '127.0.0.1', port: mail.port, tls: 'none' },
    ...{ from: 'agents@acme.example', credentials: null },
    ...over,
  });
  const signedIn = (over: Partial<SmtpConnection> = {}): SmtpConnection =>
    plain({ host: 'mail.example.com', port: secure.port, tls: 'starttls', credentials: ACCOUNT, ...over });

  const call = (connection: SmtpConnection): TestContext => ({
    ...context({ connection }),
    outgoing: createOutgoing({ allow: { internal: ['127.0.0.1', 'mail.example.com'] }, resolver: RESOLVER }),
  });
  const send = (args: JsonObject = {}, into = call(plain()), ca?: string): Promise<JsonObject> =>
    runTool(
      emailSendBy(ca),
      { to: ['ann@example.com'], subject: 'Hello', text: 'A text.', ...args },
      into,
    ) as Promise<JsonObject>;
  const told = async (sending: Promise<unknown>): Promise<string> => {
    const error = (await sending.catch((thrown: unknown) => thrown)) as Error;
    expect(error).toBeInstanceOf(Error);
    return JSON.stringify([error.message, error, error.stack]);
  };

  it('sends a message with everything in its place', async () => {
    const into = call(plain());
    const source = into.artifacts.add('a,b\n1,2\n', 'text/csv');
    const args = {
      ...{ to: ['ann@example.com'], cc: ['bob@example.com'], bcc: ['eve@example.com'], reply_to: 'help@acme.example' },
      ...{ subject: 'Grüße – 100 %', text: 'Ein Text.\n.\nZeile', html: '<p>Ein Text.</p>' },
      attachments: [{ source }, { source, name: 'zwei ü.csv' }] as JsonObject[],
    };
    const result = await send(args, into);
    expect(mail.mails).toMatchObject([
      {
        from: 'agents@acme.example',
        recipients: ['ann@example.com', 'bob@example.com', 'eve@example.com'],
        parsed: { subject: 'Grüße – 100 %', messageId: result['message_id'], html: '<p>Ein Text.</p>' },
      },
    ]);
    const [got] = mail.mails;
    expect(got?.parsed.text?.trim()).toBe('Ein Text.\n.\nZeile');
    expect(got?.parsed.replyTo?.text).toBe('help@acme.example');
    expect(got?.parsed.attachments.map(({ filename, content }) => [filename, content.toString()])).toEqual([
      ['a.csv', 'a,b\n1,2\n'],
      ['zwei ü.csv', 'a,b\n1,2\n'],
    ]);
    expect(got?.raw).not.toContain('eve@example.com');
    expect(result).toMatchObject({ accepted: args.to.concat(args.cc, args.bcc), rejected: [] });
  });

  it('has the same Message-ID for each attempt of a visit, and another for another', async () => {
    const into = call(plain());
    const [first, again, other] = [await send({}, into), await send({}, into), await send()];
    expect(again['message_id']).toBe(first['message_id']);
    expect(other['message_id']).not.toBe(first['message_id']);
    expect(first['message_id']).toMatch(/^<[0-9a-f]{32}@acme\.example>$/);
  });

  const LINE_ENDS = ['\r\n', '\n', '\r', '\u0000', '\u0085', '\u2028'];
  const HOSTILE: [what: string, args: JsonObject][] = [
    ...LINE_ENDS.flatMap((end): [string, JsonObject][] => [
      ['recipient', { to: [`ann@example.com${end}Bcc: eve@example.com`] }],
      ['recipient', { cc: [`ann@example.com>${end}RCPT TO:<eve@example.com`] }],
      ['address', { reply_to: `ann@example.com${end}Bcc: eve@example.com` }],
    ]),
    ['recipient', { to: ['ann@example.com, eve@example.com'] }],
    ['recipient', { to: ['"ann" <ann@example.com>'] }],
    ['recipient', { to: ['@evil.example:ann@example.com'] }],
    ['recipient', { to: ['ann@localhost'] }],
    ['recipient', { to: ['|/bin/sh'] }],
    ['recipient', { to: ['ann@[127.0.0.1]'] }],
    ['subject', { subject: 'Hello\r\nBcc: eve@example.com' }],
    ['subject', { subject: 'Hello\nX: y' }],
    ['sender', { from: 'ceo@acme.example' }],
    ['file', { attachments: [{ path: '/etc/passwd' }] }],
    ['file', { attachments: [{ source: 'file:///etc/passwd' }] }],
    ['file', { attachments: [{ source: `artifact:${'0'.repeat(36)}`, name: 'a\r\nX: y' }] }],
    ['nothing', { to: [] }],
  ];
  it.each(HOSTILE)('takes no hostile %s: %j', async (_, args) => {
    await expect(send(args)).rejects.toEqual(refusal('INVALID_ARGUMENTS'));
    expect(mail.mails).toEqual([]);
  });

  it('keeps what looks like a header, an attachment or an end in the text', async () => {
    const text = 'Bcc: eve@example.com\r\n.\r\nMAIL FROM:<x@y.z>\r\nRCPT TO:<eve@example.com>\r\nDATA\r\n.\r\n';
    await send({ text, html: '<img src="file:///etc/passwd"><img src="http://169.254.169.254/">' });
    expect(mail.mails).toHaveLength(1);
    expect(mail.mails[0]?.recipients).toEqual(['ann@example.com']);
    expect(mail.mails[0]?.parsed.bcc).toBeUndefined();
    expect(mail.mails[0]?.parsed.attachments).toEqual([]);
  });

  it('has limits', async () => {
    const some = (n: number, of: string) => Array.from({ length: n }, (_, i) => `${of}${String(i)}@example.com`);
    await expect(send({ to: some(30, 'a'), cc: some(30, 'b') })).rejects.toEqual(refusal('TOO_MANY_RECIPIENTS'));
    await expect(send({ to: some(51, 'a') })).rejects.toEqual(refusal('INVALID_ARGUMENTS'));
    const into = call(plain());
    const big = into.artifacts.add(async function* () {
      for (let i = 0; i < 6; i++) yield Buffer.alloc(1024 * 1024);
    });
    const attachments = [{ source: big }, { source: big }];
    await expect(send({ attachments }, into)).rejects.toEqual(refusal('ATTACHMENTS_TOO_LARGE'));
    await expect(runTool(emailSendBy(), { to: ['a@example.com'], subject: 'x' }, into)).rejects.toEqual(
      refusal('INVALID_ARGUMENTS'),
    );
    expect(mail.mails).toEqual([]);
  });

  it.each(['starttls', 'implicit'] as const)('signs in over TLS: %s', async (tls) => {
    const server = tls === 'implicit' ? implicit : secure;
    await send({}, call(signedIn({ tls, port: server.port })), certificate.cert);
    expect(server.mails).toMatchObject([{ user: 'acme', secure: true }]);
  });

  it('signs in to nobody whose certificate it cannot trust, or who speaks no TLS', async () => {
    await expect(send({}, call(signedIn()))).rejects.toEqual(refusal('SMTP_TLS_FAILED'));
    await expect(send({}, call(signedIn({ host: '127.0.0.1' })), certificate.cert)).rejects.toEqual(
      refusal('SMTP_TLS_FAILED'),
    );
    await expect(send({}, call(signedIn({ port: mail.port })), certificate.cert)).rejects.toEqual(
      refusal('SMTP_TLS_FAILED'),
    );
    expect(secure.mails).toEqual([]);
    expect(mail.mails).toEqual([]);
  });

  it('tells no credentials', async () => {
    const wrong = { user: 'acme', password: 'CANARY-wrong' };
    const said = await told(send({}, call(signedIn({ credentials: wrong })), certificate.cert));
    expect(said).toContain('SMTP_LOGIN_REFUSED');
    expect(said).not.toContain('CANARY');
    expect(said).not.toContain(Buffer.from('CANARY-wrong').toString('base64').slice(0, 12));
  });

  it('tells who was not taken, and fails when nobody was', async () => {
    mail.follows({ recipient: (address) => (address.startsWith('no') ? 550 : undefined) });
    expect(await send({ to: ['ann@example.com', 'nobody@example.com'] })).toMatchObject({
      accepted: ['ann@example.com'],
      rejected: ['nobody@example.com'],
    });
    const none = { to: ['nobody@example.com'] };
    await expect(send(none)).rejects.toEqual(
      refusal('RECIPIENTS_REFUSED', { fault: 'caller', details: { smtp_status: 550 } }),
    );
    mail.follows({ recipient: () => 451 });
    await expect(send(none)).rejects.toEqual(refusal('RECIPIENTS_REFUSED', { retryable: true }));
  });

  it.each([
    [554, { code: 'MESSAGE_REFUSED', retryable: false, fault: 'caller' }],
    [452, { code: 'MESSAGE_REFUSED', retryable: true }],
  ])('tells that the message was refused: %i', async (status, error) => {
    mail.follows({ message: () => status });
    await expect(send()).rejects.toMatchObject(error);
  });

  it('does not know what became of a message whose answer is lost, and says so', async () => {
    mail.follows({ message: () => 'cut' });
    await expect(send()).rejects.toEqual(refusal('OUTCOME_UNKNOWN', { retryable: false }));
    expect(mail.mails).toHaveLength(1);
  });

  it('goes where outgoing requests may go', async () => {
    const shut = { ...call(plain()), outgoing: createOutgoing() };
    await expect(send({}, shut)).rejects.toEqual(refusal('ADDRESS_BLOCKED'));
    const rebinding = { resolve: async () => ['93.184.216.34', '127.0.0.1'] };
    const inside = { ...call(signedIn()), outgoing: createOutgoing({ resolver: rebinding }) };
    await expect(send({}, inside)).rejects.toEqual(refusal('ADDRESS_BLOCKED'));
    const metadata = call(plain({ host: '169.254.169.254', port: 25 }));
    await expect(send({}, metadata)).rejects.toEqual(refusal('ADDRESS_BLOCKED'));
    expect(mail.mails).toEqual([]);
  });

  it('says that nobody is there', async () => {
    const gone = await MailServer.start();
    const { port } = gone;
    await gone.close();
    await expect(send({}, call(plain({ port })))).rejects.toEqual(refusal('UPSTREAM_UNREACHABLE', { retryable: true }));
  });
});
