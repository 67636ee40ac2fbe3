import { type JsonObject } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { TraceEntity, type TraceKind } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findPage, given } from './find.js';
import { direction, type Page, type PageQuery } from './page.js';
import { insert } from './write.js';

export interface NewTrace {
  execution_id: string;
  node?: string | null;
  visit?: number | null;
  kind: TraceKind;
  name: string;
  attributes?: JsonObject;
  started_at: Date;
  duration_ms?: number | null;
  traceparent?: string | null;
}

/** What happened inside visits: calls of models and tools, gates, breakers, privileges. Needs an open tenant scope. */
@Injectable()
export class TracesRepository {
  constructor(private readonly db: TenantDb) {}

  async add(...traces: readonly NewTrace[]): Promise<void> {
    if (traces.length === 0) return;
    const rows = traces.map((trace) => ({ attributes: {}, ...trace, tenant_id: this.db.tenantId }));
    await insert(this.db.em, TraceEntity, rows);
  }

  /** Of all models that it asked; null where none said. */
  async tokens(executionId: string): Promise<number | null> {
    const used = ['input_tokens', 'output_tokens'].map((name) => `coalesce((attributes->>'${name}')::bigint, 0)`);
    const row = await this.db.em
      .createQueryBuilder(TraceEntity, 'trace')
      .select(`sum(${used.join(' + ')})::float8`, 'tokens')
      .where(`execution_id = :executionId and kind = 'llm'`, { executionId })
      .andWhere(`coalesce(attributes->>'input_tokens', attributes->>'output_tokens') is not null`)
      .getRawOne<{ tokens: number | null }>();
    return row?.tokens ?? null;
  }

  /** In the order they started, unless asked otherwise. */
  async list(
    executionId: string,
    query: PageQuery & { kind?: TraceKind; node?: string; sort_by?: 'started_at' | 'name' } = {},
  ): Promise<Page<TraceEntity>> {
    const { kind, node, sort_by = 'started_at' } = query;
    const order = direction({ sort_order: 'asc', ...query });
    return findPage(
      this.db.em,
      TraceEntity,
      { execution_id: executionId, ...given({ kind, node }) },
      { [sort_by]: order, id: order },
      query,
    );
  }
}
