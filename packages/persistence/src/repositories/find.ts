import { type EntityManager, type EntityTarget, type FindOptionsOrder, type FindOptionsWhere, In } from 'typeorm';
import { type TenantRow } from '../entities/tenant-row.js';
import { bounds, type Page, type PageQuery } from './page.js';

/** Equality by column. A value that is undefined or null throws: it never means "any row". */
export type Match<E> = { [K in keyof E]?: E[K] };

export async function findOne<E extends TenantRow>(
  em: EntityManager,
  entity: EntityTarget<E>,
  where: Match<E>,
): Promise<E | null> {
  return em.findOneBy(entity, where as FindOptionsWhere<E>);
}

/** @throws EntityNotFoundError */
export async function getOne<E extends TenantRow>(
  em: EntityManager,
  entity: EntityTarget<E>,
  where: Match<E>,
): Promise<E> {
  return em.findOneByOrFail(entity, where as FindOptionsWhere<E>);
}

/** Those of these that there are, by their ids. */
export async function findByIds<E extends TenantRow>(
  em: EntityManager,
  entity: EntityTarget<E>,
  ids: readonly string[],
): Promise<Map<string, E>> {
  const rows = ids.length === 0 ? [] : await em.find(entity, { where: { id: In(ids) } as FindOptionsWhere<E> });
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * The row, locked until the transaction ends. Not against rows that refer to it: two that each have inserted one would
 * wait for each other.
 */
export async function lockOne<E extends TenantRow>(
  em: EntityManager,
  entity: EntityTarget<E>,
  where: Match<E>,
): Promise<E | null> {
  return em.findOne(entity, { where: where as FindOptionsWhere<E>, lock: { mode: 'for_no_key_update' } });
}

/** The filters that were asked for: here, and only here, undefined means "any". */
export const given = <E extends object>(filters: E): E =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)) as E;

/** A page of the rows that match. */
export async function findPage<E extends TenantRow>(
  em: EntityManager,
  entity: EntityTarget<E>,
  where: Match<E>,
  order: { [K in keyof E]?: 'ASC' | 'DESC' },
  query: PageQuery,
): Promise<Page<E>> {
  const [items, total] = await em.findAndCount(entity, {
    where: where as FindOptionsWhere<E>,
    order: order as FindOptionsOrder<E>,
    ...bounds(query),
  });
  return { items, total };
}

/** Every row that matches: for what a tenant has few of. */
export async function findAll<E extends TenantRow>(
  em: EntityManager,
  entity: EntityTarget<E>,
  where: Match<E>,
  order: { [K in keyof E]?: 'ASC' | 'DESC' },
): Promise<E[]> {
  return em.find(entity, { where: where as FindOptionsWhere<E>, order: order as FindOptionsOrder<E> });
}
