import { ApiError } from '@aumos/agf-domain';

const MOST_DIMENSIONS = 8_192;

/** The same direction at length 1. @throws ApiError VALIDATION_ERROR for what has none, or too many dimensions */
export function unitVector(embedding: readonly number[]): number[] {
  const length = Math.hypot(...embedding);
  if (embedding.length === 0 || embedding.length > MOST_DIMENSIONS || !(length > 0 && Number.isFinite(length)))
    throw new ApiError('VALIDATION_ERROR', 'The embedding is not valid.', {
      fields: [{ field: 'embedding', error: `must be 1 to ${String(MOST_DIMENSIONS)} numbers, not all of them 0` }],
    });
  return embedding.map((component) => component / length);
}
