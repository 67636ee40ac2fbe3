import { protect } from './protect.js';

/**
 * What agents remember for long, found by meaning. Embeddings have length 1, so that a similarity is one sum of products;
 * those of different models are not comparable, and never compared. `real[]`, so that a server needs no extension: where
 * pgvector is there, it is cast to and does the same sum faster.
 */
export const MEMORIES: readonly string[] = [
  `create table agf_agent_memories (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    agent_id uuid not null,
    session_id text,
    execution_id uuid,
    text text not null check (octet_length(text) between 1 and 65536),
    embedding_model text not null check (length(embedding_model) between 1 and 255),
    embedding real[] not null check (
      array_ndims(embedding) = 1 and cardinality(embedding) between 1 and 8192 and array_position(embedding, null) is null),
    metadata jsonb not null default '{}',
    primary key (tenant_id, id),
    foreign key (tenant_id, agent_id) references agf_agent_definitions (tenant_id, id),
    foreign key (tenant_id, execution_id) references agf_workflow_executions (tenant_id, id))`,
  `create index agf_agent_memories_of_agent on agf_agent_memories (tenant_id, agent_id, created_at desc, id desc)`,
  ...protect('agf_agent_memories'),
];
