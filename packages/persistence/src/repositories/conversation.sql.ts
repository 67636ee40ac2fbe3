/**
 * The turns of an agent's visit before one, and what the calls gave that those turns, or this one, were told of; null
 * in place of all texts where they are too many. A result has an input where people edited it. $1 execution, $2 the turns' node, $3 the turn that comes, $4 places
 * that it is told of, as JSON, $5 characters of a result, $6 rows at most, $7 bytes of all texts at most.
 */
export const CONVERSATION = `
  with turns as (
    select node, visit, input::text as input, output::text as output from agf_node_visits
    where execution_id = $1 and node = $2 and visit < $3 and status = 'completed'
  ), told as (
    select distinct place ->> 'node' as node, (place ->> 'visit')::int as visit
    from (
      select jsonb_path_query(input::jsonb, '$.told[*].at') as place from turns
      union all select jsonb_array_elements($4::jsonb)
    ) places
  ), said as (
    select true as turn, node, visit, input, output, length(output) as characters from turns
    union all
    select false, node, visit, case when exists (
        select from agf_hitl_approvals a
        where a.execution_id = $1 and a.node = v.node and a.visit = v.visit and a.status = 'edited'
      ) then v.input::text end, left(v.output::text, $5), length(v.output::text)
    from agf_node_visits v join told using (node, visit)
    where v.execution_id = $1 and v.status = 'completed'
    limit $6
  ), sized as (
    select *, sum(octet_length(output) + coalesce(octet_length(input), 0)) over ()::float8 as bytes from said
  )
  select turn, node, visit, characters, bytes,
    case when bytes <= $7 then input end as input, case when bytes <= $7 then output end as output
  from sized order by turn desc, node, visit`;
