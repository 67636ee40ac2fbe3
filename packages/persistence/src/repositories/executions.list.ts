import { type ExecutionStatus } from '@aumos/agf-domain';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { ExecutionEntity } from '../entities/index.js';
import { decodeCursor, encodeCursor, microseconds } from './cursor.js';
import { bounds, direction, type Page, type PageQuery } from './page.js';

export interface ExecutionsFilter {
  status?: ExecutionStatus;
  workflow_id?: string;
  parent_execution_id?: string;
  /** without those below others; default false */
  root_only?: boolean;
  started_after?: Date;
  started_before?: Date;
}
export interface ExecutionsQuery extends PageQuery, ExecutionsFilter {
  sort_by?: 'created_at' | 'started_at' | 'completed_at';
  /** of the page before: goes on after its last row, by created_at; `page` and `sort_by` do not count then */
  cursor?: string;
}
export type ExecutionsPage = Page<ExecutionEntity> & { next_cursor: string | null };

export async function listExecutions(em: EntityManager, query: ExecutionsQuery): Promise<ExecutionsPage> {
  const { take, skip } = bounds(query);
  const order = direction(query);
  const total = await filtered(em, query).getCount();
  const rows = filtered(em, query)
    .addSelect(microseconds('e.created_at'), 'cursor_at')
    .limit(take + 1);
  if (query.cursor === undefined) rows.orderBy(`e.${query.sort_by ?? 'created_at'}`, order, 'NULLS LAST').offset(skip);
  else after(rows.orderBy('e.created_at', order), query.cursor, order);
  const { entities, raw } = await rows.addOrderBy('e.id', order).getRawAndEntities<{ cursor_at: string }>();
  const items = entities.slice(0, take);
  // One more than asked for tells whether there is a page after this one.
  const more = entities.length > take && (query.sort_by ?? 'created_at') === 'created_at';
  const next = more ? encodeCursor({ at: raw[take - 1]!.cursor_at, id: items[take - 1]!.id }) : null;
  return { items, total, next_cursor: next };
}

/** Those that the filters show and that have one of these statuses: how many, and the ids of the oldest. */
export async function matchingExecutions(
  em: EntityManager,
  query: ExecutionsFilter,
  statuses: readonly ExecutionStatus[],
  most: number,
): Promise<{ total: number; ids: string[] }> {
  const rows = filtered(em, query).andWhere('e.status = any(:statuses)', { statuses });
  const total = await rows.getCount();
  const oldest = rows.select('e.id', 'id').orderBy('e.created_at', 'ASC').addOrderBy('e.id', 'ASC').limit(most);
  return { total, ids: (await oldest.getRawMany<{ id: string }>()).map(({ id }) => id) };
}

function filtered(em: EntityManager, query: ExecutionsFilter): SelectQueryBuilder<ExecutionEntity> {
  const rows = em.createQueryBuilder(ExecutionEntity, 'e').where('true');
  if (query.status !== undefined) rows.andWhere('e.status = :status', { status: query.status });
  if (query.workflow_id !== undefined) rows.andWhere('e.workflow_id = :workflow', { workflow: query.workflow_id });
  const { parent_execution_id: parent, root_only } = query;
  if (parent !== undefined) rows.andWhere('e.parent_execution_id = :parent', { parent });
  if (root_only === true) rows.andWhere('e.parent_execution_id is null');
  if (query.started_after !== undefined) rows.andWhere('e.started_at > :after', { after: query.started_after });
  if (query.started_before !== undefined) rows.andWhere('e.started_at < :before', { before: query.started_before });
  return rows;
}

function after(rows: SelectQueryBuilder<ExecutionEntity>, cursor: string, order: 'ASC' | 'DESC'): void {
  const { at, id } = decodeCursor(cursor);
  rows.andWhere(`(e.created_at, e.id) ${order === 'ASC' ? '>' : '<'} (:at::timestamptz, :id::uuid)`, { at, id });
}
