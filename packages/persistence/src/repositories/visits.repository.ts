import { Injectable } from '@nestjs/common';
import { VisitEntity } from '../entities/index.js';
import { jsonb, jsonbReplacing } from '../json/storable.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { CONVERSATION } from './conversation.sql.js';
import {
  type ConversationQuery,
  type ConversationRow,
  pastConversation,
  type PastConversation,
} from './conversation.js';
import { findAll, findOne, findPage, getOne } from './find.js';
import { direction, type Page, type PageQuery } from './page.js';
import { type EndedVisit, toRow, type Visit, type VisitKey, type VisitStart } from './visits.mapping.js';
import { BEGIN, SETTLE } from './visits.sql.js';

/** The journal: each visit of a node ends once, whoever ran it. Every method needs an open tenant scope. */
@Injectable()
export class VisitsRepository {
  constructor(private readonly db: TenantDb) {}

  async find(key: VisitKey): Promise<Visit | null> {
    const { execution_id, node, visit } = key;
    return findOne(this.db.em, VisitEntity, { execution_id, node, visit });
  }

  /** The visit is running, for the nth attempt; or it has ended before, and this is how. */
  async begin(start: VisitStart): Promise<{ begun: true; attempt: number } | { begun: false; ended: Visit }> {
    const [row] = await this.write<{ attempts: number }>(BEGIN, [start]);
    if (row) return { begun: true, attempt: row.attempts };
    return { begun: false, ended: await this.winner(start) };
  }

  /** Whether the visit is running for the nth attempt; if so, it stays so until the commit. */
  async isAtWork({ execution_id, node, visit }: VisitKey, attempt: number): Promise<boolean> {
    const where = { execution_id, node, visit, status: 'running' as const, attempts: attempt };
    const lock = { mode: 'pessimistic_read' as const };
    return (await this.db.em.findOne(VisitEntity, { select: { id: true }, where, lock })) !== null;
  }

  /** Ends the visit. `won` false: somebody else had ended it; `visit` is theirs, and one's own result is to be dropped. */
  async settle(ended: EndedVisit): Promise<{ won: boolean; visit: Visit }> {
    const [row] = await this.write<Visit>(SETTLE, [ended]);
    return row ? { won: true, visit: row } : { won: false, visit: await this.winner(ended) };
  }

  /**
   * Several visits in one trip, which the engine has ended: what cannot be stored of them is replaced.
   * @returns those that ended by this call; the others had ended before
   */
  async recordEnded(visits: readonly EndedVisit[]): Promise<Visit[]> {
    if (visits.length === 0) return [];
    return this.write<Visit>(SETTLE, visits, jsonbReplacing);
  }

  /** In the order they were reached, unless asked otherwise. */
  async listOf(executionId: string, query: PageQuery & { sort_by?: 'step' | 'started_at' } = {}): Promise<Page<Visit>> {
    const order = direction({ sort_order: 'asc', ...query });
    const first = query.sort_by === 'started_at' ? { started_at: order } : { step: order, started_at: order };
    const where = { execution_id: executionId };
    return findPage(this.db.em, VisitEntity, where, { ...first, node: order, visit: order }, query);
  }

  /** Those of a step that ended well, by node and visit. */
  async completedIn(executionId: string, step: number): Promise<Visit[]> {
    const where = { execution_id: executionId, step, status: 'completed' as const };
    return findAll(this.db.em, VisitEntity, where, { node: 'ASC', visit: 'ASC' });
  }

  /** What was said in an agent's visit before a turn, and what its calls gave; never more of it than was asked for. */
  async conversation(query: ConversationQuery): Promise<PastConversation> {
    const { execution_id, node, before, told, characters, rows, bytes } = query;
    const given = [execution_id, node, before, JSON.stringify(told), characters, rows + 1, bytes];
    return pastConversation(await this.db.em.query<ConversationRow[]>(CONVERSATION, given), query);
  }

  private async write<T>(
    statement: string,
    visits: readonly (VisitStart | EndedVisit)[],
    written: (rows: unknown) => string = jsonb,
  ): Promise<T[]> {
    const rows = visits.map((visit) => toRow(visit, this.db.tenantId));
    return this.db.em.query<T[]>(statement, [written(rows)]);
  }

  private async winner(key: VisitKey): Promise<Visit> {
    const { execution_id, node, visit } = key;
    return getOne(this.db.em, VisitEntity, { execution_id, node, visit });
  }
}
