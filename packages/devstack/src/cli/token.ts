import { ACCOUNTS, isAccount } from '../issuer/accounts.js';
import { mintToken } from '../issuer/mint-token.js';
import { placesOf } from '../state/places.js';
import { readLocal } from '../system/local-file.js';
import { UsageError } from './usage.js';

/** `npm run -s token -- acme-developer`: the token alone, so that a shell can take it. */
export async function token([account = '']: string[]): Promise<number> {
  if (!isAccount(account)) throw new UsageError(`name an account: ${Object.keys(ACCOUNTS).join(', ')}`);
  const local = readLocal(placesOf().local);
  if (!local) throw new UsageError('nothing was started here yet: npm start');
  const minted = await mintToken(local.issuer, account).catch((error: unknown) => {
    throw new UsageError(`the issuer at ${local.issuer} gives no token (${String(error)}): is it running? npm start`);
  });
  process.stdout.write(`${minted}\n`);
  return 0;
}
