/** Distinct codes that are counted an hour; teams' own functions may end with any. */
const MOST_CODES = 50;

const COUNTS = ['started', 'completed', 'failed', 'cancelled', 'paused', 'invoked'] as const;
const ADDED = COUNTS.map((name) => `${name} = s.${name} + excluded.${name}`).join(', ');
const increment = (column: string, name: string): string =>
  `jsonb_set(s.${column}, array[${name}], to_jsonb(coalesce((s.${column} ->> ${name})::int, 0) + 1))`;
const KNOWN_CODE = `case when jsonb_exists(s.failures, $10)
  or (select count(*) from jsonb_object_keys(s.failures)) < ${String(MOST_CODES)} then $10 else 'OTHER' end`;

/** $1 tenant, $2 keys, $3 when, $4.. counts in the order of COUNTS, $10 code or null, $11 bucket or null */
export const COUNT = `
  insert into agf_call_statistics as s
    (tenant_id, circuit_key, hour, ${COUNTS.join(', ')}, failures, durations)
  select $1::uuid, key, date_trunc('hour', $3::timestamptz, 'UTC'), $4::int, $5::int, $6::int, $7::int, $8::int, $9::int,
    case when $10::text is null then '{}' else jsonb_build_object($10::text, 1) end,
    case when $11::text is null then '{}' else jsonb_build_object($11::text, 1) end
  from unnest($2::text[]) as key order by key
  on conflict (tenant_id, circuit_key, hour) do update set ${ADDED},
    failures = case when $10 is null then s.failures else ${increment('failures', `(${KNOWN_CODE})`)} end,
    durations = case when $11 is null then s.durations else ${increment('durations', '$11')} end`;

const sums = COUNTS.map((name) => `coalesce(sum(${name}), 0)::int as ${name}`).join(', ');
const merged = (column: string): string => `
  (select coalesce(jsonb_object_agg(name, n), '{}') from (
    select e.key as name, sum(e.value::int) as n from rows, jsonb_each_text(rows.${column}) e group by 1) m) as ${column}`;

/** $1 since, $2 keys, or null: every workflow */
export const SUMMARY = `
  with rows as materialized (select * from agf_call_statistics where hour >= date_trunc('hour', $1::timestamptz, 'UTC')
    and case when $2::text[] is null then circuit_key like 'workflow:%' else circuit_key = any($2) end)
  select ${sums}, ${merged('failures')}, ${merged('durations')} from rows`;

/** $1 since, $2 how many */
export const BUSIEST = `
  select circuit_key from agf_call_statistics where hour >= date_trunc('hour', $1::timestamptz, 'UTC')
  group by circuit_key order by sum(failed) desc, sum(completed) + sum(invoked) desc, circuit_key limit $2`;

/**
 * $1 from, $2 until, $3 key or null. A span of being open begins with a change to it, or before $1: then the first change
 * since tells so, or that there is none and it is open now.
 */
export const TIMES = `
  with changes as materialized (
    select circuit_key, position, from_state, to_state, reason, at,
      lead(at) over (partition by circuit_key order by position) as next_at,
      row_number() over (partition by circuit_key order by position) as n
    from agf_circuit_breaker_transitions
    where at >= $1::timestamptz and at <= $2::timestamptz and ($3::text is null or circuit_key = $3)),
  spans as (
    select at as since, coalesce(next_at, $2) as until from changes where to_state = 'open'
    union all select $1, at from changes where n = 1 and from_state = 'open'
    union all select $1, $2 from agf_circuit_breakers b
      where b.state = 'open' and b.since < $1 and ($3::text is null or b.circuit_key = $3)
        and not exists (select 1 from changes c where c.circuit_key = b.circuit_key)),
  recoveries as (
    select at - (select p.at from agf_circuit_breaker_transitions p
      where p.circuit_key = c.circuit_key and p.position < c.position and p.from_state = 'closed'
      order by p.position desc limit 1) as took
    from changes c where to_state = 'closed' and reason = 'probe_succeeded')
  select (select count(*)::int from changes where from_state = 'closed' and to_state = 'open') as opened,
    (select coalesce(sum(greatest(extract(epoch from until - since), 0)), 0)::float8 from spans) as open_seconds,
    (select count(*)::int from recoveries where took is not null) as recovered,
    (select avg(extract(epoch from took))::float8 from recoveries) as mean_time_to_recover_seconds`;
