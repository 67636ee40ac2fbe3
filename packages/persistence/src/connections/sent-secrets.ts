import { type ConnectionDefinition, connectionHost, type HttpTarget } from '@aumos/agf-domain';

/** The secrets that a connection would send, and where to. */
export function sentSecrets(definition: ConnectionDefinition): { field: string; secret: string; host: string }[] {
  const { kind, secret, settings } = definition;
  const host = connectionHost(definition);
  if (kind !== 'ticket') return secret === undefined ? [] : [{ field: 'secret', secret, host }];
  const { headers = {} } = settings['http'] as unknown as HttpTarget;
  return Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'object' && 'secret' in value
      ? [{ field: `settings.http.headers.${name}`, secret: value.secret, host }]
      : [],
  );
}
