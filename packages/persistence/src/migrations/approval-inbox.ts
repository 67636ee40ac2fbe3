/**
 * Who may decide a pending approval, in the words of its own row: whom its stage asks, who is kept out of it, and to whom
 * it was left. Row-level security lets only such conditions use an index that tell nothing of other rows: equality of
 * uuids does, overlap of arrays does not. So whom a stage asks is one key, of which a tenant has few.
 */
export const APPROVAL_INBOX: readonly string[] = [
  // As `personOf` of the domain: in small letters of every script where the server has ICU, else as its locale has them.
  String.raw`do $make$ begin
    execute $body$create function agf_person(sub text) returns text language sql immutable strict parallel safe
      return lower(regexp_replace(normalize(sub, nfkc),
        '[\s\u00a0\u00ad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]', '', 'g')$body$
      || case when exists (select from pg_collation where collname = 'und-x-icu') then ' collate "und-x-icu")' else ')' end;
  end $make$`,
  // As `approversNow` of the domain: who is added by an escalation counts where the stage names somebody.
  `create function agf_asked(rule jsonb, stage int, extra text[]) returns jsonb language sql immutable parallel safe
    return (select case when named = '[]'::jsonb then named else named || to_jsonb(extra) end
      from (select coalesce(rule #> array['stages', stage::text, 'approvers'], '[]'::jsonb) as named) as of_stage)`,
  `create function agf_left_to(delegations jsonb, now int) returns text[] language sql immutable parallel safe
    return (select coalesce(array_agg(agf_person(one ->> 'to')), '{}'::text[]) from jsonb_array_elements(delegations) as one
      where coalesce((one ->> 'stage')::int, 0) = now)`,
  `create function agf_kept_out(asked_by text, editors text[], separated text[], voted text[], delegations jsonb, now int)
    returns text[] language sql immutable parallel safe
    return (select coalesce(array_agg(distinct agf_person(sub)), '{}'::text[]) from (
      select asked_by as sub
      union all select unnest(editors) union all select unnest(separated) union all select unnest(voted)
      union all select one ->> 'from' from jsonb_array_elements(delegations) as one
        where coalesce((one ->> 'stage')::int, 0) = now) as people)`,
  `alter table agf_hitl_approvals add column voters text[] not null default '{}'`,
  // As the owner one sees a tenant's rows only where its policy says so: row by row, of every tenant.
  `alter table agf_hitl_approvals no force row level security`,
  `alter table agf_hitl_decisions no force row level security`,
  `update agf_hitl_approvals a set voters = v.actors
    from (select tenant_id, approval_id, array_agg(actor order by created_at, id) as actors
      from agf_hitl_decisions group by tenant_id, approval_id) v
    where a.status = 'pending' and v.tenant_id = a.tenant_id and v.approval_id = a.id`,
  `alter table agf_hitl_decisions force row level security`,
  `alter table agf_hitl_approvals force row level security`,
  `alter table agf_hitl_approvals
    add column asked_key uuid not null generated always as (md5(agf_asked(rule, stage, extra_approvers)::text)::uuid) stored,
    add column kept_out text[] not null generated always as
      (agf_kept_out(requested_by, edited_by, excluded, voters, delegations, stage)) stored,
    add column left_to text[] not null generated always as (agf_left_to(delegations, stage)) stored`,
  `create index agf_hitl_approvals_asked on agf_hitl_approvals (tenant_id, asked_key, created_at, id) where status = 'pending'`,
  `create index agf_hitl_approvals_left on agf_hitl_approvals (tenant_id, id) where status = 'pending' and left_to <> '{}'`,
  `create index agf_hitl_approvals_expiring on agf_hitl_approvals (tenant_id, expires_at, id) where status = 'pending'`,
  `create index agf_hitl_approvals_by_level on agf_hitl_approvals (tenant_id, privilege_level, created_at, id) where status = 'pending'`,
];
