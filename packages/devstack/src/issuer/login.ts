import { type IncomingMessage, type ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { ACCOUNTS, isAccount } from './accounts.js';
import { LOGIN_SCOPE, RESOURCE, SCOPE } from './configuration.js';

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Development login</title>
<h1>Development login</h1><p>Not for production: pick who you are.</p><form method="post">${Object.entries(ACCOUNTS)
  .map(([name, { display_name }]) => `<p><button name="account" value="${name}">${display_name}</button></p>`)
  .join('')}</form></html>`;

const MAX_FORM_BYTES = 4096;

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let body = '';
  for await (const chunk of request as AsyncIterable<Buffer>) {
    body += chunk.toString();
    if (body.length > MAX_FORM_BYTES) throw new Error('the form is too long');
  }
  return new URLSearchParams(body);
}

/** Nobody is asked for consent: everything is granted at once. */
async function consent(provider: Provider, accountId: string, clientId: string): Promise<string> {
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope(LOGIN_SCOPE);
  grant.addResourceScope(RESOURCE, SCOPE);
  return grant.save();
}

/** The page on which a person says who they are; no password. */
export async function login(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const details = await provider.interactionDetails(request, response);
  if (details.prompt.name === 'consent') {
    const grantId = await consent(provider, details.session?.accountId ?? '', String(details.params['client_id']));
    const result = { consent: { grantId } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
    return;
  }
  if (request.method !== 'POST') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(PAGE);
    return;
  }
  const account = (await formOf(request)).get('account') ?? '';
  if (!isAccount(account)) {
    response.writeHead(400).end('unknown account');
    return;
  }
  const result = { login: { accountId: account } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}
