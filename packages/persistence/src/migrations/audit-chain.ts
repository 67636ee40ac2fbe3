import { ROLES } from './initial-schema.js';
import { protect } from './protect.js';

/** The newest entry of each tenant's chain. Its lock is what keeps writers of one tenant in one line. */
const HEADS = `
  create table agf_audit_heads (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    position bigint not null check (position >= 0),
    hash text not null,
    primary key (tenant_id, id),
    unique (tenant_id))`;

/** RFC 8785 sorts members by UTF-16 code units; PostgreSQL knows code points. */
const UTF16 = `
  create function agf_utf16(p_text text) returns int[] language sql immutable as $$
    select array(
      select unit from string_to_table(p_text, null) with ordinality as c (letter, place),
        unnest(case when ascii(letter) < 65536 then array[ascii(letter)]
          else array[55232 + (ascii(letter) >> 10), 56320 + (ascii(letter) & 1023)] end) with ordinality as u (unit, half)
      order by place, half)
  $$`;

/**
 * The nearest double, as ECMAScript writes it: the shortest digits that read back as the same. PostgreSQL's are the
 * same, but for a shorter number at the very edge of what rounds to the double, which only ECMAScript takes.
 */
const CANONICAL_NUMBER = `
  create function agf_canonical_number(p_number numeric) returns text language plpgsql stable
  set extra_float_digits = 1 as $$
  declare
    v_double float8 := p_number;
    v_short numeric;
    v_place int;
    v_shorter numeric;
    v_digits text;
    v_exponent int;
  begin
    if p_number = trunc(p_number) and abs(p_number) < 1e15 then return trunc(p_number)::text; end if;
    v_short := trim_scale(v_double::text::numeric);
    v_place := coalesce(nullif(scale(v_short), 0), -length(substring(v_short::text from '0*$')));
    v_shorter := trunc(v_short, v_place - 1);
    foreach v_shorter in array array[v_shorter, v_shorter + sign(v_short) * ('1e' || 1 - v_place)::numeric] loop
      if abs(v_double) < 1e308 and v_shorter::float8 = v_double then v_short := trim_scale(v_shorter); end if;
    end loop;
    if v_double = 0 then return '0'; end if;
    if abs(v_double) >= 1e-6 and abs(v_double) < 1e21 then return v_short::text; end if;
    v_digits := trim(both '0' from replace(abs(v_short)::text, '.', ''));
    v_exponent := case when abs(v_short) >= 1 then length(trunc(abs(v_short))::text) - 1
      else -1 - length(substring(v_short::text from '\\.(0*)')) end;
    return case when v_short < 0 then '-' else '' end || left(v_digits, 1)
      || case when length(v_digits) > 1 then '.' || substr(v_digits, 2) else '' end
      || 'e' || case when v_exponent < 0 then '' else '+' end || v_exponent;
  end $$`;

/** RFC 8785: what `canonicalJson` of the domain makes of the same value. */
const CANONICAL_JSON = `
  create function agf_canonical_json(p_value jsonb) returns text language plpgsql stable as $$
  begin
    case jsonb_typeof(p_value)
      when 'object' then
        return '{' || coalesce((
          select string_agg(to_json(m.key)::text || ':' || agf_canonical_json(m.value), ',' order by agf_utf16(m.key))
          from jsonb_each(p_value) as m), '') || '}';
      when 'array' then
        return '[' || coalesce((
          select string_agg(agf_canonical_json(e.value), ',' order by e.place)
          from jsonb_array_elements(p_value) with ordinality as e (value, place)), '') || ']';
      when 'number' then return agf_canonical_number(p_value::numeric);
      else return p_value::text;
    end case;
  end $$`;

/** Of the entry's canonical JSON without its hash: `auditHash` of the domain says the same of an export. */
const HASH = `
  create function agf_audit_hash(p_entry agf_audit_log) returns text language sql stable as $$
    select encode(sha256(convert_to(
      '{"action":' || to_json(p_entry.action)::text
      || ',"actor_id":' || to_json(p_entry.actor_id)::text
      || ',"details":' || agf_canonical_json(p_entry.details)
      || ',"id":"' || p_entry.id
      || '","occurred_at":"' || to_char(p_entry.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
      || '","outcome":' || to_json(p_entry.outcome)::text
      || ',"position":' || p_entry.position
      || ',"previous_hash":"' || p_entry.previous_hash
      || '","resource_id":' || to_json(p_entry.resource_id)::text
      || ',"resource_type":' || to_json(p_entry.resource_type)::text
      || ',"tenant_id":"' || p_entry.tenant_id || '"}', 'UTF8')), 'hex')
  $$`;

const GENESIS = `repeat('0', 64)`;

/** However an entry is inserted, it continues its tenant's chain: nobody states a place, a hash or a time. */
const CHAIN = `
  create function agf_chain_audit() returns trigger language plpgsql as $$
  declare
    v_head agf_audit_heads;
  begin
    select * into v_head from agf_audit_heads h where h.tenant_id = new.tenant_id for no key update;
    if not found then
      insert into agf_audit_heads (tenant_id, position, hash) values (new.tenant_id, 0, ${GENESIS})
      on conflict (tenant_id) do nothing;
      select * into strict v_head from agf_audit_heads h where h.tenant_id = new.tenant_id for no key update;
    end if;
    new.created_at := clock_timestamp();
    new.updated_at := new.created_at;
    new.position := v_head.position + 1;
    new.previous_hash := v_head.hash;
    new.hash := agf_audit_hash(new);
    update agf_audit_heads h set position = new.position, hash = new.hash where h.tenant_id = new.tenant_id;
    return new;
  end $$`;

/** Entries from before there was a chain, in the order in which they were written. */
const CHAIN_WHAT_IS_THERE = `
  do $$
  declare
    v_entry agf_audit_log;
    v_tenant uuid;
    v_position bigint;
    v_hash text;
  begin
    for v_entry in select * from agf_audit_log order by tenant_id, seq loop
      if v_entry.tenant_id is distinct from v_tenant then
        v_tenant := v_entry.tenant_id;
        v_position := 0;
        v_hash := ${GENESIS};
      end if;
      v_position := v_position + 1;
      v_entry.position := v_position;
      v_entry.previous_hash := v_hash;
      v_hash := agf_audit_hash(v_entry);
      update agf_audit_log l set position = v_position, previous_hash = v_entry.previous_hash, hash = v_hash
      where l.tenant_id = v_tenant and l.id = v_entry.id;
    end loop;
    insert into agf_audit_heads (tenant_id, position, hash)
    select distinct on (tenant_id) tenant_id, position, hash from agf_audit_log
    order by tenant_id, position desc;
  end $$`;

const REFUSE = `
  create function agf_refuse_head() returns trigger language plpgsql as $$
  begin
    raise exception 'permission denied: only an entry moves the head of its chain' using errcode = '42501';
  end $$`;

const HELPERS = [
  'agf_utf16(text)',
  'agf_canonical_number(numeric)',
  'agf_canonical_json(jsonb)',
  'agf_audit_hash(agf_audit_log)',
];

export const AUDIT_CHAIN: readonly string[] = [
  HEADS,
  `alter table agf_audit_log add column position bigint, add column previous_hash text, add column hash text`,
  UTF16,
  CANONICAL_NUMBER,
  CANONICAL_JSON,
  HASH,
  // For this transaction the owner sees the tenants' entries.
  'alter table agf_audit_log no force row level security',
  CHAIN_WHAT_IS_THERE,
  'alter table agf_audit_log force row level security',
  `alter table agf_audit_log alter column position set not null, alter column previous_hash set not null,
     alter column hash set not null, drop column seq, add unique (tenant_id, position)`,
  CHAIN,
  'create trigger chain before insert on agf_audit_log for each row execute function agf_chain_audit()',
  ...protect('agf_audit_heads'),
  `revoke delete on agf_audit_heads from ${ROLES.app}`,
  REFUSE,
  `create trigger only_by_entries before insert or update on agf_audit_heads for each row
     when (pg_trigger_depth() = 0) execute function agf_refuse_head()`,
  ...HELPERS.flatMap((signature) => [
    `revoke all on function ${signature} from public`,
    `grant execute on function ${signature} to ${ROLES.app}`,
  ]),
];

export const WITHOUT_AUDIT_CHAIN: readonly string[] = [
  'drop trigger chain on agf_audit_log',
  'drop function agf_chain_audit',
  'drop table agf_audit_heads',
  'drop function agf_refuse_head, agf_audit_hash, agf_canonical_json, agf_canonical_number, agf_utf16',
  `alter table agf_audit_log drop column position, drop column previous_hash, drop column hash,
     add column seq bigint generated always as identity`,
  'create index agf_audit_log_by_time on agf_audit_log (tenant_id, seq)',
];
