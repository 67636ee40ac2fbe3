import { ToolError } from '@aumos/agf-domain';
import { asObject } from './objects.js';

const MOST_DIMENSIONS = 8_192;

/**
 * Embeddings as the endpoint sent them: nothing of that is taken for granted.
 * @param dimensions that they have to have; default: any, all the same
 * @throws ToolError MODEL_ERROR
 */
export function readVectors(
  answer: unknown,
  count: number,
  dimensions?: number,
): { vectors: number[][]; tokens: number | null } {
  const { data, usage } = asObject(answer);
  const given: unknown[] = Array.isArray(data) ? data : [];
  const vectors: (number[] | undefined)[] = Array.from({ length: count });
  for (const each of given) {
    const { index, embedding } = asObject(each);
    if (typeof index !== 'number' || !isVector(embedding)) throw unusable();
    vectors[index] = embedding;
  }
  const length = dimensions ?? vectors[0]?.length;
  if (vectors.length !== count || !vectors.every((each) => each?.length === length)) throw unusable();
  const { prompt_tokens } = asObject(usage);
  const tokens = Number.isSafeInteger(prompt_tokens) ? Math.max(0, prompt_tokens as number) : null;
  return { vectors: vectors as number[][], tokens };
}

const isVector = (value: unknown): value is number[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= MOST_DIMENSIONS &&
  value.every((each) => Number.isFinite(each));

const unusable = (): ToolError => new ToolError('MODEL_ERROR', 'the endpoint answered what are no embeddings', true);
