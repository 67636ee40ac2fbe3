/**
 * The similarity of two embeddings of length 1: their sum of products, exact either way. Two sets in a select list go in
 * step and are not kept: 0.2 ms a memory of 1,536 dimensions, two thirds of what `unnest(a, b)` in a FROM takes.
 */
const SIMILARITY = {
  pgvector: '1 - (embedding::vector <=> $3::real[]::vector)',
  sql: '(select sum(a::float8 * b) from (select unnest(embedding) as a, unnest($3::real[]) as b) pairs)',
} as const;
export type SearchedBy = keyof typeof SIMILARITY;

/** Whether the type can be named from here, which is more than that the extension is somewhere. */
export const HAS_PGVECTOR = `select to_regtype('vector') is not null as here`;

/** Every memory of the agent and model is looked at. $1 agent, $2 model, $3 embedding, $4 at most, $5 at least, $6 session or null, $7 execution or null */
export const searchStatement = (by: SearchedBy): string => `
  with compared as (
    select id, session_id, execution_id, text, metadata, created_at, ${SIMILARITY[by]} as similarity
    from agf_agent_memories
    where agent_id = $1::uuid and embedding_model = $2 and cardinality(embedding) = cardinality($3::real[])
      and ($6::text is null or session_id = $6) and ($7::uuid is null or execution_id = $7)
  )
  select * from compared where similarity >= $5::float8 order by similarity desc, created_at desc, id limit $4`;
