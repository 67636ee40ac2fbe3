import { isIP } from 'node:net';
import { DEFAULT_PORTS, type PostgresConnection, type ToolContext } from '@aumos/agf-domain';
import { type ClientConfig } from 'pg';

/** Where it leads: an operator's as it is written, a tenant's at an address that was checked. */
export async function placeOf(
  { url, guarded }: PostgresConnection,
  { outgoing, signal }: Pick<ToolContext, 'outgoing' | 'signal'>,
): Promise<ClientConfig> {
  if (!guarded) return { connectionString: url };
  const { hostname, port: written, username, password, pathname, searchParams } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const port = written === '' ? DEFAULT_PORTS.postgres : Number(written);
  const [address] = await outgoing.addresses({ host, port, usual: [DEFAULT_PORTS.postgres, 6432] }, signal);
  const verified = isIP(host) === 0 ? { host, servername: host } : { host };
  return {
    host: address ?? host,
    port,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ssl: searchParams.get('sslmode') === 'disable' ? false : { ...verified, rejectUnauthorized: true },
  };
}
