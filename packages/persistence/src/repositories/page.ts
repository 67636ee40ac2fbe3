/** A page by number, as the REST API asks for it. */
export interface PageQuery {
  /** from 1; default 1 */
  page?: number;
  /** default 20, at most 100 */
  page_size?: number;
  sort_order?: 'asc' | 'desc';
}
export interface Page<T> {
  items: T[];
  total: number;
}

const MAX_PAGE = 100;

/** Bounds of a page; what is out of range is brought into it. */
export function bounds(query: PageQuery): { take: number; skip: number } {
  const take = Math.min(Math.max(Math.trunc(query.page_size ?? 20), 1), MAX_PAGE);
  return { take, skip: (Math.max(Math.trunc(query.page ?? 1), 1) - 1) * take };
}

export const direction = (query: PageQuery): 'ASC' | 'DESC' => (query.sort_order === 'asc' ? 'ASC' : 'DESC');
