import type { EntityManager, EntityTarget, InsertQueryBuilder, QueryDeepPartialEntity } from 'typeorm';
import { type TenantRow } from '../entities/tenant-row.js';

/** Columns by name; a function gives SQL. */
export type Values<E> = { [K in keyof E]?: E[K] | (() => string) };

const inserting = <E extends TenantRow>(
  em: EntityManager,
  into: EntityTarget<E>,
  rows: Values<E> | readonly Values<E>[],
): InsertQueryBuilder<E> =>
  em
    .createQueryBuilder()
    .insert()
    .into(into)
    .values(rows as QueryDeepPartialEntity<E>)
    .updateEntity(false);

/** What the statement wrote: `identifiers` would name a row even when it was ignored. */
async function returned<E extends TenantRow>(statement: InsertQueryBuilder<E>): Promise<{ id: string }[]> {
  return (await statement.returning(['id']).execute()).raw as { id: string }[];
}

/** @returns the id of the (first) row */
export async function insert<E extends TenantRow>(
  em: EntityManager,
  into: EntityTarget<E>,
  rows: Values<E> | readonly Values<E>[],
): Promise<string> {
  const made = await returned(inserting(em, into, rows));
  return made[0]!.id;
}

/** False when a row with the same key was there: of two at once the second waits for the first one's commit. */
export async function insertOnce<E extends TenantRow>(
  em: EntityManager,
  into: EntityTarget<E>,
  row: Values<E>,
): Promise<boolean> {
  return (await returned(inserting(em, into, row).orIgnore())).length === 1;
}

/**
 * Makes the row, or overwrites these columns of the one with the same key; never its primary key.
 * @returns false when `where` (SQL over `excluded` and the table's name) kept the old one
 */
export async function put<E extends TenantRow>(
  em: EntityManager,
  into: EntityTarget<E>,
  row: Values<E>,
  { key, overwrite, where }: { key: (keyof E)[]; overwrite: (keyof E)[]; where?: string },
): Promise<boolean> {
  const condition = where === undefined ? {} : { overwriteCondition: { where } };
  const write = inserting(em, into, row).orUpdate(
    overwrite as string[],
    ['tenant_id', ...(key as string[])],
    condition,
  );
  return (await returned(write)).length === 1;
}

/** One row changes if it is as `condition` (SQL) says. @returns whether it was */
export async function change<E extends TenantRow>(
  em: EntityManager,
  entity: EntityTarget<E>,
  id: string,
  set: Values<E>,
  condition = 'true',
  parameters: Record<string, unknown> = {},
): Promise<boolean> {
  const update = em
    .createQueryBuilder()
    .update(entity)
    .set(set as QueryDeepPartialEntity<E>);
  const { affected } = await update.where('id = :id', { id }).andWhere(condition, parameters).execute();
  return affected === 1;
}
