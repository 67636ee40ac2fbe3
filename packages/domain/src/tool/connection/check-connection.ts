import type { FieldError } from '../../errors/codes.js';
import { checkHttp } from '../registry/check-http.js';
import { checkedInput } from '../registry/checked-input.js';
import type { HttpTarget } from '../registry/tool-definition.js';
import { parseUrlTemplate } from '../registry/url-template.js';
import type { ConnectionDefinition, ConnectionKind } from './connection.js';
import { connectionLanguage, settingsLanguage, type SettingsOf } from './connection-language.js';
import { TICKET_ARGUMENTS, TICKET_REQUIRED } from './ticket-arguments.js';

const MOST_BYTES = 32_768;
/** What makes a ticket is never done at less. */
const TICKET_LEVEL = 2;

export type CheckedConnection = { definition: ConnectionDefinition } | { fields: FieldError[] };

/** Everything that can be said of a connection without its tenant. Takes anything, throws nothing. */
export function checkConnection(input: unknown): CheckedConnection {
  const checked = checkedInput(input, connectionLanguage, MOST_BYTES);
  if ('fields' in checked) return checked;
  const definition = checked.value as unknown as ConnectionDefinition;
  const settings = checkedInput(definition.settings, settingsLanguage[definition.kind], MOST_BYTES);
  if ('fields' in settings)
    return { fields: settings.fields.map(({ field, error }) => ({ field: `settings.${field}`, error })) };
  const fields = [...secretErrors(definition), ...CHECKS[definition.kind](definition)];
  return fields.length > 0 ? { fields } : { definition };
}

/** Whether its settings are those of its kind: rows of before, and of operators, may have others. */
export function settingsOf<K extends ConnectionKind>(kind: K, settings: unknown): SettingsOf<K> | null {
  return 'fields' in checkedInput(settings, settingsLanguage[kind], MOST_BYTES) ? null : (settings as SettingsOf<K>);
}

/** Where it leads, and its secrets go, as `URL.host` has it. */
export function connectionHost({ kind, settings }: Pick<ConnectionDefinition, 'kind' | 'settings'>): string {
  if (kind === 'ticket') return parseUrlTemplate((settings as unknown as { http: HttpTarget }).http.url).host;
  if (kind === 's3') return new URL((settings as SettingsOf<'s3'>).endpoint).host;
  const { host, port } = settings as { host: string; port?: number };
  return hostAndPort(host, port ?? DEFAULT_PORTS[kind]);
}

export const DEFAULT_PORTS = { postgres: 5432, smtp: 587 } as const;

const hostAndPort = (host: string, port: number): string =>
  new URL(`https://${host.includes(':') ? `[${host}]` : host}:${String(port)}`).host;

function secretErrors({ kind, settings, secret }: ConnectionDefinition): FieldError[] {
  const needed = kind === 'postgres' || kind === 's3' || (kind === 'smtp' && settings['user'] !== undefined);
  if (needed && secret === undefined) return [{ field: 'secret', error: 'is required: the name of a secret' }];
  if (!needed && secret !== undefined) return [{ field: 'secret', error: 'must not be there: nothing would send it' }];
  return [];
}

const isHost = (host: unknown): boolean =>
  typeof host === 'string' && URL.canParse(`https://${host.includes(':') ? `[${host}]` : host}`);

const hostErrors = ({ settings }: ConnectionDefinition): FieldError[] =>
  isHost(settings['host']) ? [] : [{ field: 'settings.host', error: 'is no host' }];

const CHECKS: Record<ConnectionKind, (definition: ConnectionDefinition) => FieldError[]> = {
  postgres: hostErrors,
  smtp: (definition) => {
    const { tls, user } = definition.settings as SettingsOf<'smtp'>;
    const inTheClear = tls === 'none' && user !== undefined;
    return [
      ...hostErrors(definition),
      ...(inTheClear ? [{ field: 'settings.tls', error: 'must not be none where a user signs in' }] : []),
    ];
  },
  s3: ({ settings }) => {
    const { endpoint } = settings as SettingsOf<'s3'>;
    const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
    const plain = url && /^https?:$/.test(url.protocol) && [url.origin, `${url.origin}/`].includes(endpoint);
    return plain ? [] : [{ field: 'settings.endpoint', error: 'must be https://host[:port], and no more' }];
  },
  ticket: ({ settings }) => {
    const http = settings['http'] as unknown as HttpTarget;
    const input_schema = { type: 'object', properties: TICKET_ARGUMENTS, required: [...TICKET_REQUIRED] };
    const reads = http.method === 'GET' ? [{ field: 'settings.http.method', error: 'must not be GET' }] : [];
    const errors = checkHttp({ http, input_schema, min_privilege_level: TICKET_LEVEL });
    return [...reads, ...errors.map(({ field, error }) => ({ field: `settings.${field}`, error }))];
  },
};
