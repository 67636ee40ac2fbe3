import { randomUUID } from 'node:crypto';
import { type ApprovalStart } from '@aumos/agf-engine/common';
import {
  AuditRepository,
  ApprovalsRepository,
  NoticesRepository,
  OutgoingRulesRepository,
} from '@aumos/agf-persistence';
import { eventually, MailServer, WebServer } from '@aumos/agf-testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { ExpireApproval } from '../src/approvals/expire-approval.js';
import { ExpandNotices } from '../src/sending/expand-notices.js';
import { Activities } from '../src/temporal/approval-activities.js';
import { type ListeningApprovals, startApprovals } from './support/listening-approvals.js';

interface Delivery {
  id: string;
  channel_id: string;
  approval_id: string | null;
  kind: string;
  status: string;
  failures: number;
  attempts: { status: number | null; error: string | null }[];
  next_attempt_at: string | null;
}

describe('channels', () => {
  let service: ListeningApprovals;
  let web: WebServer;
  let mail: MailServer;
  let tenant: string;
  beforeAll(async () => {
    [web, mail] = await Promise.all([WebServer.start(), MailServer.start()]);
    service = await startApprovals({
      AUMOS_AGF_MAIL_SERVER_URL: `smtp://127.0.0.1:${String(mail.port)}`,
      AUMOS_AGF_MAIL_FROM: 'approvals@agf.example',
      AUMOS_AGF_PUBLIC_URL: 'https://api.example/',
      AUMOS_AGF_CONSOLE_URL: 'https://console.example/agf/',
    });
  }, 120_000);
  afterAll(async () => {
    await service.close();
    await Promise.all([web.close(), mail.close()]);
  });
  beforeEach(() => {
    tenant = randomUUID();
    web.says(() => ({}));
    mail.follows();
  });

  const call = (method: string, path: string, body?: unknown) => service.call(tenant, method, path, { body });
  /** What came for this tenant: notices of the test before may still be on their way. */
  const got = () => web.requests.filter(({ path }) => path.includes(tenant));
  const as = (sub: string, roles = ['approver']) => ({ claims: { sub, realm_access: { roles } } });
  const hook = async (more: object = {}): Promise<{ id: string; secret: string }> => {
    const body = { kind: 'webhook', name: `w-${randomUUID()}`, settings: { url: web.url(`/hook/${tenant}`) }, ...more };
    const { status, body: made } = await call('POST', '/channels', body);
    expect(status).toBe(201);
    return made as { id: string; secret: string };
  };
  const deliveries = async (query = ''): Promise<Delivery[]> =>
    ((await call('GET', `/deliveries?page_size=100&sort_order=asc${query}`)).body as { items: Delivery[] }).items;
  const settled = (status: string, count = 1): Promise<Delivery[]> =>
    eventually(
      async () => {
        const all = await deliveries(`&status=${status}`);
        return all.length >= count ? all : null;
      },
      `${String(count)} ${status}`,
    );
  const verified = (secret: string, nth = 0): Record<string, unknown> => {
    const { body, headers } = got()[nth]!;
    return new Webhook(secret).verify(body, headers as Record<string, string>) as Record<string, unknown>;
  };
  /** What waits for its next attempt is due at once. */
  const hurry = (): Promise<unknown> =>
    service.db.run(tenant, (em) => em.query(`update agf_hitl_deliveries set next_at = clock_timestamp()`));
  const actions = async (): Promise<string[]> => {
    const audit = service.app.get(AuditRepository);
    const { items } = await service.db.run(tenant, () => audit.list({ page_size: 100, sort_order: 'asc' }));
    return items.map(({ action }) => action);
  };

  it('are told of what was asked for, once, by a webhook that is signed as Standard Webhooks say', async () => {
    const { id, secret } = await hook();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const approval_id = await service.ask(tenant);
    const [delivery] = await settled('delivered');
    expect(got()).toHaveLength(1);
    const [request] = got();
    expect(request).toMatchObject({ method: 'POST', path: `/hook/${tenant}` });
    expect(request!.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': `msg_${delivery!.id}`,
    });
    expect(verified(secret)).toMatchObject({
      type: 'approval.requested',
      data: {
        ...{
          approval_id,
          tool: 'table_load',
          node: 'a',
          privilege_level: 4,
          status: 'pending',
          requested_by: 'starter',
        },
        link: expect.stringMatching(/^https:\/\/api\.example\/api\/v1\/hitl\/links\/[\w-]{94}$/),
      },
    });
    expect(request!.body).not.toContain('CANARY-argument');
    expect(() =>
      new Webhook(`whsec_${Buffer.alloc(32).toString('base64')}`).verify(
        request!.body,
        request!.headers as Record<string, string>,
      ),
    ).toThrow();
    expect(delivery).toMatchObject({ channel_id: id, approval_id, kind: 'requested', attempts: [{ status: 200 }] });
    expect(JSON.stringify((await call('GET', `/channels/${id}`)).body)).not.toContain('whsec_');
    expect(await deliveries()).toHaveLength(1);
    const stored = await service.db.run(tenant, (em) =>
      em.query<object[]>("select s.*, encode(ciphertext, 'escape') as shown from agf_secrets s"),
    );
    expect(stored).toHaveLength(1);
    expect(JSON.stringify(stored)).not.toContain('whsec_');
  });

  it('are told of the decision, the expiry and the escalation, each once', async () => {
    await hook();
    const [decided, expired, escalated] = await Promise.all([1, 2, 3].map(() => service.ask(tenant)));
    const approved = await service.call(tenant, 'POST', `/${decided!}/approve`, { body: {}, ...as('boss') });
    expect(approved.status).toBe(200);
    const expire = service.app.get(ExpireApproval);
    await expire.run(tenant, expired!);
    await expire.run(tenant, expired!);
    const activities = service.app.get(Activities).all();
    for (const _ of [1, 2]) await activities.escalateApproval({ tenant_id: tenant, approval_id: escalated! });
    const all = await settled('delivered', 6);
    const told = all.map(({ approval_id, kind }) => `${kind} ${approval_id!}`).sort();
    const requested = [decided, expired, escalated].map((id) => `requested ${id!}`);
    expect(told).toEqual(
      [...requested, `decided ${decided!}`, `expired ${expired!}`, `escalated ${escalated!}`].sort(),
    );
    const bodies = got().map(({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown> });
    const of = (type: string) => bodies.find((body) => body.type === type)?.data;
    expect(of('approval.decided')).toMatchObject({ status: 'approved', decided_by: 'boss', link: null });
    expect(of('approval.expired')).toMatchObject({ status: 'expired', link: null });
    expect(of('approval.escalated')).toMatchObject({
      to_roles: ['admin'],
      link: expect.stringContaining('/links/'),
    });
  });

  it('try again with the same id, no earlier than asked, until it is taken', async () => {
    const { secret } = await hook();
    const answers: { status?: number; headers?: Record<string, string> }[] = [
      { status: 500 },
      { status: 503, headers: { 'retry-after': '3600' } },
      { status: 302, headers: { location: '/x' } },
      {},
    ];
    web.says(({ path }) => (path.includes(tenant) ? answers[got().length - 1]! : {}));
    await service.ask(tenant);
    const failed = async (failures: number): Promise<number> => {
      const [one] = await eventually(
        async () => {
          const all = await deliveries('&status=pending');
          return all[0]?.failures === failures ? all : null;
        },
        `${String(failures)} failures`,
      );
      return (Date.parse(one!.next_attempt_at!) - Date.now()) / 1_000;
    };
    const first = await failed(1);
    expect(first).toBeGreaterThan(1);
    expect(first).toBeLessThan(7);
    await hurry();
    expect(await failed(2)).toBeGreaterThan(3_500);
    await hurry();
    expect(await failed(3)).toBeGreaterThan(50);
    await hurry();
    const [delivered] = await settled('delivered');
    expect(delivered!.attempts.map(({ status, error }) => [status, error])).toEqual([
      [500, 'HTTP_500'],
      [503, 'HTTP_503'],
      [302, 'HTTP_302'],
      [200, null],
    ]);
    expect(new Set(got().map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(got().map(({ body }) => body)).size).toBe(1);
    for (let nth = 0; nth < 4; nth++) verified(secret, nth);
  }, 60_000);

  it('give up after the last attempt, and send again when somebody asks for it', async () => {
    await hook();
    web.says(() => ({ status: 500 }));
    await service.ask(tenant);
    await eventually(async () => (await deliveries())[0]?.failures === 1, 'a failure');
    await service.db.run(tenant, (em) =>
      em.query('update agf_hitl_deliveries set failures = 9, next_at = clock_timestamp()'),
    );
    const [dead] = await settled('dead');
    expect(dead).toMatchObject({ failures: 10, next_attempt_at: null });
    web.says(() => ({}));
    expect((await call('POST', `/deliveries/${dead!.id}/replay`)).status).toBe(202);
    const [again] = await settled('delivered');
    expect(again).toMatchObject({ id: dead!.id, failures: 0 });
    expect(got()).toMatchObject([{ headers: { 'webhook-id': `msg_${dead!.id}` } }]);
    expect(await actions()).toContain('hitl_delivery.replay');
  });

  it('are closed by a receiver that is gone, until somebody opens them again', async () => {
    const { id } = await hook();
    web.says(() => ({ status: 410 }));
    await service.ask(tenant);
    const [dead] = await settled('dead');
    expect(dead!.attempts).toMatchObject([{ status: 410, error: 'HTTP_410' }]);
    const channel = (await call('GET', `/channels/${id}`)).body as Record<string, unknown>;
    expect(channel).toMatchObject({ enabled: false, disabled_by: 'gone' });
    expect(await actions()).toContain('hitl_channel.disable');
    expect((await call('POST', `/deliveries/${dead!.id}/replay`)).status).toBe(422);
    expect((await call('POST', `/channels/${id}/test`)).status).toBe(422);
    const put = { name: channel['name'], settings: channel['settings'] };
    expect((await call('PUT', `/channels/${id}`, put)).body).toMatchObject({ enabled: true, disabled_by: null });
    web.says(() => ({}));
    expect((await call('POST', `/deliveries/${dead!.id}/replay`)).status).toBe(202);
    await settled('delivered');
  });

  it('sign by two secrets after a rotation', async () => {
    const { id, secret } = await hook();
    const rotated = (await call('POST', `/channels/${id}/rotate-secret`)).body as { secret: string };
    expect(rotated.secret).not.toBe(secret);
    await call('POST', `/channels/${id}/test`);
    await settled('delivered');
    expect(got()[0]!.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    expect(verified(secret)).toMatchObject({ type: 'test' });
    expect(verified(rotated.secret)).toMatchObject({ type: 'test' });
    await call('POST', `/channels/${id}/rotate-secret`);
    await call('POST', `/channels/${id}/test`);
    await settled('delivered', 2);
    expect(() => verified(secret, 1)).toThrow();
    verified(rotated.secret, 1);
    expect(await actions()).toEqual([
      'hitl_channel.create',
      'hitl_channel.rotate_secret',
      'hitl_channel.test',
      'hitl_channel.rotate_secret',
      'hitl_channel.test',
    ]);
  });

  it('go where the tenant’s own rules let them, and nowhere else', async () => {
    await hook();
    await hook({ settings: { url: 'http://169.254.169.254/latest' } });
    const rules = service.app.get(OutgoingRulesRepository);
    await service.db.run(tenant, () => rules.put(['partner.example'], 'boss'));
    await service.ask(tenant);
    const dead = await settled('dead', 2);
    for (const { attempts } of dead) expect(attempts).toMatchObject([{ status: null, error: 'ADDRESS_BLOCKED' }]);
    expect(got()).toEqual([]);
  });

  it('speak Slack, in words that mention nobody, to an address that nobody is shown', async () => {
    const settings = { url: web.url(`/services/${tenant}/CANARY-token`) };
    const { status, body } = await call('POST', '/channels', { kind: 'slack', name: 'slack', settings });
    expect(status).toBe(201);
    expect(body).toMatchObject({ settings: { host: `127.0.0.1:${String(web.port)}` }, secret: null });
    await service.ask(tenant, { action_description: '<!channel> look & decide' });
    await settled('delivered');
    expect(got()).toMatchObject([{ path: `/services/${tenant}/CANARY-token` }]);
    const { text } = JSON.parse(got()[0]!.body) as { text: string };
    expect(text).toContain('&lt;!channel&gt; look &amp; decide');
    expect(text).toContain('https://api.example/api/v1/hitl/links/');
    const shown = [(await call('GET', '/channels')).body, (await call('GET', '/deliveries')).body];
    const put = { name: 'slack2', settings: {} };
    shown.push((await call('PUT', `/channels/${(body as { id: string }).id}`, put)).body);
    expect(JSON.stringify(shown)).not.toContain('CANARY-token');
    await call('POST', `/channels/${(body as { id: string }).id}/test`);
    await settled('delivered', 2);
    expect(got().at(-1)).toMatchObject({ path: `/services/${tenant}/CANARY-token` });
  });

  it('send e-mail in the tenant’s own words', async () => {
    const settings = { to: ['ann@example.com'], sender_name: 'Risk' };
    expect((await call('POST', '/channels', { kind: 'email', name: 'mail', settings })).status).toBe(201);
    const words = {
      subject: 'Bitte: {{action_description}}',
      body: 'Für {{requested_by}}:{{#link}} {{link}}{{/link}}',
    };
    expect((await call('PUT', '/templates/requested', words)).body).toMatchObject({ ...words, is_default: false });
    await service.ask(tenant, { action_description: 'one\r\nBcc: eve@example.com' });
    await settled('delivered');
    expect(mail.mails).toMatchObject([{ from: 'approvals@agf.example', recipients: ['ann@example.com'] }]);
    expect(mail.mails[0]!.parsed.subject).toBe('Bitte: one Bcc: eve@example.com');
    expect(mail.mails[0]!.parsed.text).toMatch(/^Für starter: https:\/\/api\.example\/api\/v1\/hitl\/links\/[\w-]{94}/);
    const { items } = (await call('GET', '/templates')).body as { items: { kind: string; is_default: boolean }[] };
    expect(items.filter(({ is_default }) => !is_default).map(({ kind }) => kind)).toEqual(['requested']);
    expect((await call('DELETE', '/templates/requested')).status).toBe(204);
    expect((await call('DELETE', '/templates/requested')).status).toBe(404);
    expect((await call('PUT', '/templates/nothing', words)).status).toBe(404);
    const wrong = await call('PUT', '/templates/requested', { subject: '{{{link}}}', body: '{{#link}}' });
    expect(wrong).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_ERROR', details: { fields: [{ field: 'subject' }, { field: 'body' }] } },
    });
    expect(await actions()).toEqual(['hitl_channel.create', 'hitl_template.replace', 'hitl_template.remove']);
  });

  it('are told of what they are for, and of nothing else', async () => {
    const [decisions, high, other] = [
      await hook({ notices: ['decided'] }),
      await hook({ min_privilege_level: 5 }),
      await hook({ workflows: ['another'] }),
    ];
    const all = await hook();
    await hook({ enabled: false });
    const id = await service.ask(tenant);
    await service.call(tenant, 'POST', `/${id}/reject`, { body: { notes: 'no' }, ...as('boss') });
    const told = await settled('delivered', 3);
    expect(told.map(({ channel_id, kind }) => [channel_id, kind]).sort()).toEqual(
      [
        [all.id, 'requested'],
        [all.id, 'decided'],
        [decisions.id, 'decided'],
      ].sort(),
    );
    expect(told.map(({ channel_id }) => channel_id)).not.toContain(high.id);
    expect(told.map(({ channel_id }) => channel_id)).not.toContain(other.id);
  });

  it('are told of each notice once, however many hand it on at once and wherever one dies', async () => {
    await hook();
    await hook();
    const approvals = await Promise.all(Array.from({ length: 40 }, () => service.ask(tenant)));
    const expand = service.app.get(ExpandNotices);
    const notices = service.app.get(NoticesRepository);
    const dying = service.db.run(tenant, async () => {
      for (const { id } of await notices.takeUnsent(5)) await notices.markSent(id);
      throw new Error('killed');
    });
    await expect(dying).rejects.toThrow('killed');
    await Promise.all(Array.from({ length: 6 }, () => expand.run(tenant)));
    await settled('delivered', 80);
    const rows = await service.db.run(tenant, (em) =>
      em.query<object[]>(
        `select count(*)::int as n, count(distinct (notice_id, channel_id))::int as ids,
           (select count(*)::int from agf_hitl_notices where sent_at is null) as unsent from agf_hitl_deliveries`,
      ),
    );
    expect(rows).toEqual([{ n: 80, ids: 80, unsent: 0 }]);
    const told = got().map(({ body }) => (JSON.parse(body) as { data: { approval_id: string } }).data.approval_id);
    expect(told.sort()).toEqual([...approvals, ...approvals].sort());
  }, 60_000);

  it('refuse what makes no sense, member by member', async () => {
    const wrong = async (body: object): Promise<string[]> => {
      const answer = await call('POST', '/channels', {
        name: 'x',
        kind: 'webhook',
        settings: { url: 'https://x.example' },
        ...body,
      });
      expect(answer.body).toMatchObject({ code: 'VALIDATION_ERROR' });
      return (answer.body as { details: { fields: { field: string }[] } }).details.fields.map(({ field }) => field);
    };
    expect(await wrong({ name: '1' })).toEqual(['name']);
    expect(await wrong({ kind: 'pigeon' })).toEqual(['kind']);
    expect(await wrong({ more: 1 })).toEqual(['more']);
    expect(await wrong({ notices: ['x'] })).toEqual(['notices']);
    expect(await wrong({ settings: { url: 'ftp://x.example' } })).toEqual(['settings.url']);
    expect(await wrong({ settings: { url: 'https://a:b@x.example' } })).toEqual(['settings.url']);
    expect(await wrong({ settings: { url: 'https://x.example', to: [] } })).toEqual(['settings.to']);
    expect(await wrong({ kind: 'slack', settings: {} })).toEqual(['settings.url']);
    expect(await wrong({ kind: 'email', settings: { to: ['x'] } })).toEqual(['settings.to']);
    expect(await wrong({ kind: 'email', settings: { to: ['a@example.com'], sender_name: 'a\nb' } })).toEqual([
      'settings.sender_name',
    ]);
    await hook({ name: 'taken' });
    const again = { kind: 'webhook', name: 'taken', settings: { url: web.url() } };
    expect((await call('POST', '/channels', again)).status).toBe(409);
    const other = await hook();
    expect((await call('PUT', `/channels/${other.id}`, { name: 'taken', settings: again.settings })).status).toBe(409);
  });

  it('are nothing to another tenant, and leave nothing of theirs', async () => {
    const { id } = await hook();
    await service.ask(tenant);
    const [delivery] = await settled('delivered');
    const stranger = randomUUID();
    const settings = { url: web.url() };
    for (const [method, path, body] of [
      ['GET', `/channels/${id}`],
      ['PUT', `/channels/${id}`, { name: 'x', settings }],
      ['DELETE', `/channels/${id}`],
      ['POST', `/channels/${id}/test`, {}],
      ['POST', `/channels/${id}/rotate-secret`, {}],
      ['POST', `/deliveries/${delivery!.id}/replay`, {}],
    ] as const)
      expect((await service.call(stranger, method, path, { body })).status).toBe(404);
    expect((await service.call(stranger, 'GET', '/deliveries')).body).toMatchObject({ total: 0 });
    expect((await call('DELETE', `/channels/${id}`)).status).toBe(204);
    expect(await deliveries()).toEqual([]);
    const left = await service.db.run(tenant, (em) => em.query<object[]>('select 1 from agf_secrets'));
    expect(left).toEqual([]);
  });

  describe('the link of a notice', () => {
    const linkOf = async (
      more: Partial<ApprovalStart> = {},
    ): Promise<{ approval: string; token: string; link_id: string }> => {
      await hook();
      const approval = await service.ask(tenant, more);
      const [delivery] = await settled('delivered');
      const { data } = JSON.parse(got()[0]!.body) as { data: { link: string } };
      return { approval, token: data.link.split('/').at(-1)!, link_id: delivery!.id };
    };
    const open = (token: string, accept = 'application/json') =>
      fetch(`${service.url}/api/v1/hitl/links/${token}`, { headers: { accept } });
    const decide = (approval: string, sub: string, link: string, how = 'approve') =>
      service.call(tenant, 'POST', `/${approval}/${how}`, { body: { link }, ...as(sub) });

    it('leads to where one decides, for anybody, and decides and uses nothing', async () => {
      const { approval, token, link_id } = await linkOf();
      const decide_at = `https://console.example/agf/approvals/${approval}?link=${token}`;
      for (const _ of [1, 2, 3]) {
        const answer = await open(token);
        expect(answer.status).toBe(200);
        expect(answer.headers.get('cache-control')).toBe('no-store');
        const said = (await answer.json()) as object;
        expect(said).toMatchObject({ waiting: true, used: false, decide_at });
        expect(Object.keys(said).sort()).toEqual(['decide_at', 'expires_at', 'used', 'waiting']);
      }
      const page = await open(token, 'text/html,application/xhtml+xml');
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await page.text()).toContain(`href="${decide_at}"`);
      await fetch(`${service.url}/api/v1/hitl/links/${token}`, { method: 'HEAD' });
      expect((await fetch(`${service.url}/api/v1/hitl/links/${token}`, { method: 'POST' })).status).not.toBe(200);
      expect((await call('GET', `/${approval}`)).body).toMatchObject({ status: 'pending', decisions: [] });
      const decided = await decide(approval, 'boss', token);
      expect(decided.status).toBe(200);
      const approvals = service.app.get(ApprovalsRepository);
      const [vote] = await service.db.run(tenant, () => approvals.decisionsOf(approval));
      expect(vote).toMatchObject({ actor: 'boss', source: { link_id } });
      expect(await (await open(token)).json()).toMatchObject({ waiting: false, used: true, decide_at: null });
      const entry = await service.db.run(tenant, () =>
        service.app.get(AuditRepository).list({ action: 'approval.approve' }),
      );
      expect(entry.items).toMatchObject([{ actor_id: 'boss', details: { source: { link_id } } }]);
    });

    it('is used once: whoever comes by it again decides nothing', async () => {
      const { approval, token } = await linkOf({ approvals_required: 2 });
      expect((await decide(approval, 'boss', token)).body).toMatchObject({ status: 'pending' });
      const again = await decide(approval, 'chief', token);
      expect(again).toMatchObject({ status: 422, body: { code: 'INVALID_STATE', details: { reason: 'link_used' } } });
      const { body } = await call('GET', `/${approval}`);
      expect((body as { decisions: object[] }).decisions).toHaveLength(1);
      expect(await (await open(token)).json()).toMatchObject({
        ...{ waiting: true, used: true, decide_at: `https://console.example/agf/approvals/${approval}` },
      });
      const without = await service.call(tenant, 'POST', `/${approval}/approve`, { body: {}, ...as('chief') });
      expect(without.body).toMatchObject({ status: 'approved' });
    });

    it('gives nobody the right to decide', async () => {
      const { approval, token } = await linkOf();
      const viewer = await service.call(tenant, 'POST', `/${approval}/approve`, {
        body: { link: token },
        ...as('v', ['viewer']),
      });
      expect(viewer.status).toBe(403);
      expect((await decide(approval, 'starter', token)).status).toBe(403);
      expect(await (await open(token)).json()).toMatchObject({ waiting: true, used: false });
      expect((await decide(approval, 'boss', token)).status).toBe(200);
    });

    it('of two who decide by it at once is one’s', async () => {
      const { approval, token } = await linkOf({ approvals_required: 3 });
      const answers = await Promise.all(['a', 'b', 'c', 'd'].map((sub) => decide(approval, sub, token)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    });

    it('is refused when it is forged, another’s, or over', async () => {
      const { approval, token } = await linkOf();
      const forged = `${token.slice(0, 40)}${token[40] === 'A' ? 'B' : 'A'}${token.slice(41)}`;
      const field = { status: 400, body: { code: 'VALIDATION_ERROR', details: { fields: [{ field: 'link' }] } } };
      for (const wrong of [forged, 'x', '']) expect(await decide(approval, 'boss', wrong)).toMatchObject(field);
      for (const wrong of [forged, 'x']) expect((await open(wrong)).status).toBe(404);
      const other = await service.ask(tenant);
      expect(await decide(other, 'boss', token)).toMatchObject(field);
      const stranger = randomUUID();
      const theirs = await service.ask(stranger);
      const asStranger = { body: { link: token }, ...as('boss') };
      expect(await service.call(stranger, 'POST', `/${theirs}/approve`, asStranger)).toMatchObject(field);
      for (const id of [approval, other])
        expect((await call('GET', `/${id}`)).body).toMatchObject({ status: 'pending' });
      await service.db.run(tenant, (em) => em.query(`update agf_hitl_links set expires_at = clock_timestamp()`));
      expect(await decide(approval, 'boss', token)).toMatchObject({
        status: 422,
        body: { details: { reason: 'link_expired' } },
      });
    });
  });
});
