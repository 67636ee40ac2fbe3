import { ApiError } from '@aumos/agf-domain';

/** What a caller may not see does not exist: every such case gives this one answer. */
export const notFound = (): ApiError => new ApiError('NOT_FOUND', 'There is no such resource.');
