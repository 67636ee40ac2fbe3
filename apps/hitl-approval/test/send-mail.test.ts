import { randomUUID } from 'node:crypto';
import { type Certificate, certificateFor, MailServer } from '@aumos/agf-testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Mail, type MailServerAt, sendMail } from '../src/sending/send-mail.js';

const ACCOUNT = { user: 'agf@example', password: 'CANARY:password' };
const CREDENTIALS = `${encodeURIComponent(ACCOUNT.user)}:${encodeURIComponent(ACCOUNT.password)}@`;

describe('a notice by e-mail', () => {
  let certificate: Certificate;
  let plain: MailServer;
  let offering: MailServer;
  let signedIn: MailServer;
  let implicit: MailServer;
  beforeAll(async () => {
    certificate = await certificateFor('localhost');
    [plain, offering, signedIn, implicit] = await Promise.all([
      MailServer.start(),
      MailServer.start({ tls: certificate }),
      MailServer.start({ tls: certificate, account: ACCOUNT }),
      MailServer.start({ tls: certificate, account: ACCOUNT, implicit: true }),
    ]);
  });
  afterAll(() => Promise.all([plain.close(), offering.close(), signedIn.close(), implicit.close()]));
  beforeEach(() => {
    for (const each of [plain, offering, signedIn, implicit]) each.follows();
  });

  const tenant_id = randomUUID();
  const at = (server: MailServer, url = 'smtp://'): MailServerAt => ({
    url: `${url}localhost:${String(server.port)}`,
    from: 'approvals+{tenant}@agf.example',
    ca: certificate.cert,
  });
  const mail = (over: Partial<Mail> = {}): Mail => ({
    ...{ tenant_id, id: randomUUID(), subject: 'Grüße: asked for', text: 'One line.\n.\nhttps://example.com/x' },
    settings: {
      to: ['ann@example.com', 'bob@example.com'],
      sender_name: 'Risk, "Team"',
      reply_to: 'help@acme.example',
    },
    ...over,
  });

  it('has everything in its place, and the same id each time', async () => {
    const one = mail();
    expect(await sendMail(at(plain), one)).toEqual({ kind: 'delivered', status: 250 });
    const [got] = plain.mails;
    expect(got).toMatchObject({
      ...{ from: `approvals+${tenant_id}@agf.example`, recipients: ['ann@example.com', 'bob@example.com'], user: null },
      secure: false,
    });
    expect(got!.parsed).toMatchObject({ subject: one.subject, messageId: `<${one.id}@agf.example>` });
    expect(got!.parsed.from?.value).toEqual([{ name: 'Risk, "Team"', address: `approvals+${tenant_id}@agf.example` }]);
    expect(got!.parsed.replyTo?.text).toBe('help@acme.example');
    expect(got!.parsed.text?.trim()).toBe(one.text);
    expect(got!.parsed.headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('goes over TLS wherever the server offers it', async () => {
    expect(await sendMail(at(offering), mail())).toMatchObject({ kind: 'delivered' });
    expect(offering.mails).toMatchObject([{ secure: true }]);
  });

  it.each(['smtp://', 'smtps://'])('signs in over TLS: %s', async (scheme) => {
    const server = scheme === 'smtps://' ? implicit : signedIn;
    expect(await sendMail(at(server, scheme + CREDENTIALS), mail())).toMatchObject({ kind: 'delivered' });
    expect(server.mails).toMatchObject([{ secure: true, user: ACCOUNT.user }]);
  });

  it('never shows credentials to a server without TLS', async () => {
    expect(await sendMail(at(plain, `smtp://${CREDENTIALS}`), mail())).toMatchObject({ kind: 'failed', status: null });
    expect(plain.mails).toEqual([]);
  });

  it('does not go to a server with a certificate that nobody knows', async () => {
    const { ca: _, ...unknown } = at(offering);
    expect(await sendMail(unknown, mail())).toMatchObject({ kind: 'failed' });
    expect(offering.mails).toEqual([]);
  });

  it.each([
    [451, 'failed'],
    [550, 'refused'],
  ])('after %d is %s', async (status, kind) => {
    plain.follows({ message: () => status });
    expect(await sendMail(at(plain), mail())).toMatchObject({ kind, status, error: `SMTP_${String(status)}` });
  });

  it('is not sent again to those who have it', async () => {
    plain.follows({ recipient: (address) => (address.startsWith('bob') ? 550 : undefined) });
    expect(await sendMail(at(plain), mail())).toMatchObject({ kind: 'delivered', error: 'RECIPIENTS_REFUSED_1' });
  });

  it('says nothing of a server that is away but a code', async () => {
    const closed = await MailServer.start();
    const away = at(closed);
    await closed.close();
    const outcome = await sendMail(away, mail());
    expect(outcome).toMatchObject({ kind: 'failed', status: null });
    expect(JSON.stringify(outcome)).toMatch(/^[^ ]*$/);
  });
});
