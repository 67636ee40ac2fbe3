import { invalidRequest } from '@aumos/agf-domain';
import type { ExecutionsQueryDto } from './execution.dto.js';

/**
 * A cursor says where the page begins, and by what its list is sorted: what says otherwise beside it is refused.
 * @param asked the query as it came, without defaults
 * @throws ApiError VALIDATION_ERROR
 */
export function checkCursor(query: ExecutionsQueryDto, asked: object): void {
  if (query.cursor === undefined) return;
  const fields = [
    ...('page' in asked ? [{ field: 'page', error: 'page does not go with cursor' }] : []),
    ...(query.sort_by === 'created_at' ? [] : [{ field: 'sort_by', error: 'a cursor goes by created_at' }]),
  ];
  if (fields.length > 0) throw invalidRequest(fields);
}
