import { ApiError, isStorableText, type JsonObject, jsonSize } from '@aumos/agf-domain';
import { Injectable, Logger } from '@nestjs/common';
import { AgentEntity, MemoryEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findPage, lockOne } from './find.js';
import { HAS_PGVECTOR, type SearchedBy, searchStatement } from './memories.sql.js';
import { type Page, type PageQuery } from './page.js';
import { unitVector } from './unit-vector.js';
import { insert } from './write.js';

export interface NewMemory {
  agent_id: string;
  text: string;
  /** of any length but 0: it is stored at length 1 */
  embedding: readonly number[];
  /** what made the embedding: those of different models are not compared */
  embedding_model: string;
  session_id?: string | null;
  execution_id?: string | null;
  metadata?: JsonObject;
}
export type Remembered = { kind: 'added'; id: string } | { kind: 'no_agent' } | { kind: 'full'; most: number };

export interface MemorySearch {
  agent_id: string;
  embedding: readonly number[];
  embedding_model: string;
  /** default 10, at most 100 */
  most?: number;
  /** cosine of the angle, -1 to 1; default: whatever there is */
  similarity?: number;
  session_id?: string;
  execution_id?: string;
}
export interface FoundMemory {
  id: string;
  session_id: string | null;
  execution_id: string | null;
  text: string;
  metadata: JsonObject;
  created_at: Date;
  similarity: number;
}

/** Of one agent. A search looks at each: about a second for so many of 1,536 dimensions in plain SQL. */
const MOST_MEMORIES = 5_000;
const MOST_TEXT_BYTES = 65_536;
const MOST_METADATA_BYTES = 16_384;
const MOST_FOUND = 100;

/**
 * What agents remember for long, found by meaning: an exact search, by pgvector where the database has it and in plain
 * SQL where not. Every method needs an open tenant scope.
 */
@Injectable()
export class MemoriesRepository {
  readonly #log = new Logger(MemoriesRepository.name);
  #by: SearchedBy | undefined;

  constructor(private readonly db: TenantDb) {}

  /** @throws ApiError VALIDATION_ERROR */
  async add(memory: NewMemory, most = MOST_MEMORIES): Promise<Remembered> {
    const { agent_id, text, metadata = {} } = memory;
    checkTexts(memory);
    if (jsonSize(metadata) > MOST_METADATA_BYTES)
      throw invalid('metadata', `has more than ${String(MOST_METADATA_BYTES)} bytes`);
    const embedding = unitVector(memory.embedding);
    // Who adds at the same time waits, so that the count holds.
    if (!(await lockOne(this.db.em, AgentEntity, { id: agent_id }))) return { kind: 'no_agent' };
    if ((await this.db.em.countBy(MemoryEntity, { agent_id })) >= most) return { kind: 'full', most };
    const { session_id = null, execution_id = null, embedding_model } = memory;
    const row = { agent_id, session_id, execution_id, text, embedding_model, embedding, metadata };
    return { kind: 'added', id: await insert(this.db.em, MemoryEntity, { ...row, tenant_id: this.db.tenantId }) };
  }

  /** The most similar first. @returns `by`: which of the two searches it was @throws ApiError VALIDATION_ERROR */
  async search(search: MemorySearch): Promise<{ by: SearchedBy; items: FoundMemory[] }> {
    const { agent_id, embedding_model, session_id = null, execution_id = null, similarity = -2 } = search;
    const embedding = unitVector(search.embedding);
    const most = Math.min(Math.max(Math.trunc(search.most ?? 10), 1), MOST_FOUND);
    const by = await this.searchedBy();
    const parameters = [agent_id, embedding_model, embedding, most, similarity, session_id, execution_id];
    return { by, items: await this.db.em.query<FoundMemory[]>(searchStatement(by), parameters) };
  }

  /** Newest first. */
  async list(agent_id: string, query: PageQuery = {}): Promise<Page<MemoryEntity>> {
    return findPage(this.db.em, MemoryEntity, { agent_id }, { created_at: 'DESC', id: 'DESC' }, query);
  }

  async remove(id: string): Promise<boolean> {
    return (await this.db.em.delete(MemoryEntity, { id })).affected === 1;
  }

  /** @returns how many there were */
  async removeAll(agent_id: string): Promise<number> {
    return (await this.db.em.delete(MemoryEntity, { agent_id })).affected ?? 0;
  }

  private async searchedBy(): Promise<SearchedBy> {
    if (this.#by) return this.#by;
    const [row] = await this.db.em.query<{ here: boolean }[]>(HAS_PGVECTOR);
    this.#by = row?.here ? 'pgvector' : 'sql';
    this.#log.log({ by: this.#by }, 'long-term memories are searched exactly, by pgvector or in plain SQL');
    return this.#by;
  }
}

function checkTexts({ text, session_id, embedding_model }: NewMemory): void {
  for (const [field, value] of Object.entries({ text, session_id: session_id ?? '', embedding_model }))
    if (!isStorableText(value)) throw invalid(field, 'holds what cannot be stored');
  const bytes = Buffer.byteLength(text);
  if (bytes < 1 || bytes > MOST_TEXT_BYTES) throw invalid('text', `must have 1 to ${String(MOST_TEXT_BYTES)} bytes`);
  if (embedding_model.length < 1 || embedding_model.length > 255)
    throw invalid('embedding_model', 'must have 1 to 255 characters');
}

const invalid = (field: string, error: string): ApiError =>
  new ApiError('VALIDATION_ERROR', 'The memory is not valid.', { fields: [{ field, error }] });
