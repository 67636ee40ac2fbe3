import { errors, type Provider, type TokenEndpointGrantContext } from 'oidc-provider';
import { isAccount } from './accounts.js';
import { ACCOUNT_GRANT, API, LOGIN_SCOPE, RESOURCE, SCOPE } from './configuration.js';

async function issue(provider: Provider, ctx: TokenEndpointGrantContext<{ account?: unknown }>): Promise<void> {
  const { client, params } = ctx.oidc;
  const accountId = params.account;
  if (typeof accountId !== 'string' || !isAccount(accountId)) throw new errors.InvalidRequest('unknown account');
  const grant = new provider.Grant({ accountId, clientId: client.clientId });
  grant.addOIDCScope(LOGIN_SCOPE);
  grant.addResourceScope(RESOURCE, SCOPE);
  const grantId = await grant.save();
  const resourceServer = new provider.ResourceServer(RESOURCE, API);
  const token = new provider.AccessToken({
    accountId,
    client,
    grantId,
    gty: ACCOUNT_GRANT,
    scope: SCOPE,
    resourceServer,
  });
  ctx.oidc.entity('AccessToken', token);
  ctx.body = { access_token: await token.save(), expires_in: token.expiration, token_type: 'Bearer', scope: SCOPE };
}

/** Development only: `account=acme-developer` gives that account's token, as a login in the browser would. */
export function registerAccountGrant(provider: Provider): void {
  provider.registerGrantType(ACCOUNT_GRANT, (ctx) => issue(provider, ctx), ['account']);
}
