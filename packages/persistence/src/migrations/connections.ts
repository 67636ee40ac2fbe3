/** More kinds of them, which a tenant makes and disables itself. */
export const CONNECTIONS: readonly string[] = [
  'alter table agf_connections drop constraint agf_connections_kind_check',
  "alter table agf_connections add check (kind in ('postgres', 'smtp', 's3', 'ticket'))",
  'alter table agf_connections alter column secret_name drop not null',
  'alter table agf_connections add column enabled boolean not null default true',
  'create index agf_connections_by_secret on agf_connections (tenant_id, secret_name)',
];
