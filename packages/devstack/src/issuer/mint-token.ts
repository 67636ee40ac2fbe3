import { type AccountName } from './accounts.js';
import { ACCOUNT_GRANT, CLI_CLIENT } from './configuration.js';

/**
 * A bearer token of an account, good for an hour.
 * @throws when the issuer does not answer, or knows nobody by that name
 */
export async function mintToken(issuer: string, account: AccountName): Promise<string> {
  const form = { grant_type: ACCOUNT_GRANT, client_id: CLI_CLIENT, account };
  const response = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(form) });
  const answer = (await response.json()) as { access_token?: string; error_description?: string };
  if (!answer.access_token)
    throw new Error(`no token for ${account}: ${answer.error_description ?? response.statusText}`);
  return answer.access_token;
}
