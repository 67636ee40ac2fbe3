import {
  CallerError,
  type Connection,
  connectionHost,
  type ConnectionKind,
  DEFAULT_PORTS,
  type SettingsOf,
  settingsOf,
} from '@aumos/agf-domain';
import type { ConnectionEntity } from '@aumos/agf-persistence';

type Open = (host: string | null) => Promise<string>;
type Openers = { [K in ConnectionKind]: (row: ConnectionEntity, secret: Open) => Promise<Connection<K>> };

/** A row as what it stands for. @param secret its own, for a host @throws CallerError `CONNECTION_INVALID` */
export async function openConnection<K extends ConnectionKind>(
  kind: K,
  row: ConnectionEntity,
  secret: Open,
): Promise<Connection<K>> {
  return OPENERS[kind](row, secret);
}

const OPENERS: Openers = {
  async postgres(row, secret) {
    const { id, name } = row;
    const settings = settingsOf('postgres', row.settings);
    if (!settings)
      return { id, name, kind: 'postgres', url: await secret(null), schema: schemaOf(row), guarded: false };
    const { host, port = DEFAULT_PORTS.postgres, database, user, schema = 'public', tls = 'verify' } = settings;
    const url = new URL('postgres://host');
    url.hostname = host.includes(':') ? `[${host}]` : host;
    url.port = String(port);
    url.username = encodeURIComponent(user);
    url.password = encodeURIComponent(await secret(hostOf(row)));
    url.pathname = `/${encodeURIComponent(database)}`;
    if (tls === 'none') url.searchParams.set('sslmode', 'disable');
    return { id, name, kind: 'postgres', url: url.href, schema, guarded: true };
  },

  async smtp(row, secret) {
    const { id, name } = row;
    const { host, port = DEFAULT_PORTS.smtp, tls = 'starttls', from, user } = valid('smtp', row);
    const credentials = user === undefined ? null : { user, password: await secret(hostOf(row)) };
    return { id, name, kind: 'smtp', host, port, tls, from, credentials };
  },

  async s3(row, secret) {
    const { id, name } = row;
    const settings = valid('s3', row);
    const { endpoint, region = 'us-east-1', bucket, prefix = '', path_style = true, access_key_id } = settings;
    const credentials = { accessKeyId: access_key_id, secretAccessKey: await secret(hostOf(row)) };
    return { id, name, kind: 's3', endpoint, region, bucket, prefix, path_style, credentials };
  },

  async ticket(row) {
    const { id, name } = row;
    return { id, name, kind: 'ticket', http: valid('ticket', row).http };
  },
};

const hostOf = ({ kind, settings }: ConnectionEntity): string => connectionHost({ kind, settings });

const schemaOf = ({ settings: { schema } }: ConnectionEntity): string =>
  typeof schema === 'string' ? schema : 'public';

function valid<K extends ConnectionKind>(kind: K, { name, settings }: ConnectionEntity): SettingsOf<K> {
  const found = settingsOf(kind, settings);
  if (found === null)
    throw new CallerError('CONNECTION_INVALID', `the connection ${name} is not as its kind has to be`);
  return found;
}
