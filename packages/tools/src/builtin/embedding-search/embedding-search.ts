import { type BuiltinTool, CallerError, type JsonObject, type ModelUse, type ToolContext } from '@aumos/agf-domain';
import { storedText } from '../../document/read-document.js';
import { textParts } from '../../document/text-parts.js';
import { DEFAULT_FOUND, EMBEDDING_SEARCH, type EmbeddingSearchArguments, MOST_TEXTS, PART_CHARACTERS } from './spec.js';

export const embeddingSearch: BuiltinTool = {
  spec: EMBEDDING_SEARCH,
  run: (args, context) => search(args as unknown as EmbeddingSearchArguments, context),
};

async function search(args: EmbeddingSearchArguments, context: ToolContext): Promise<JsonObject> {
  const { query, memories = false, top_k = DEFAULT_FOUND } = args;
  const texts = await textsOf(args, context);
  const bytes = [query, ...texts].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return context.models.use({ kind: 'embeddings', bytes, output_tokens: 0 }, (models) =>
    memories ? amongMemories(models, query, top_k) : among(models, { query, texts, top_k }),
  );
}

async function amongMemories(models: ModelUse, query: string, most: number): Promise<JsonObject> {
  const [vector = []] = await models.embed([query]);
  const found = await models.memories(vector, most);
  const matches = found.map(({ id, text, similarity }) => ({ text, similarity, index: null, memory_id: id }));
  return { matches, searched: null };
}

async function among(
  models: ModelUse,
  { query, texts, top_k }: { query: string; texts: string[]; top_k: number },
): Promise<JsonObject> {
  const [wanted = [], ...vectors] = await models.embed([query, ...texts]);
  const matches = vectors
    .map((vector, index) => ({ text: texts[index] ?? '', similarity: cosine(wanted, vector), index, memory_id: null }))
    .sort((a, b) => b.similarity - a.similarity || a.index - b.index)
    .slice(0, top_k);
  return { matches, searched: texts.length };
}

/** What has no direction is like nothing. */
function cosine(a: readonly number[], b: readonly number[]): number {
  let [dot, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x = 0, y = 0] = [a[i], b[i]];
    dot += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  const length = Math.sqrt(ofA) * Math.sqrt(ofB);
  return length > 0 ? Math.min(1, Math.max(-1, dot / length)) : 0;
}

/** @throws CallerError `INVALID_ARGUMENTS`, `ARTIFACT_NOT_FOUND`, `DOCUMENT_TOO_LARGE` */
async function textsOf({ texts, source, memories }: EmbeddingSearchArguments, context: ToolContext): Promise<string[]> {
  const places = [texts !== undefined, source !== undefined, memories === true].filter(Boolean).length;
  if (places !== 1)
    throw new CallerError('INVALID_ARGUMENTS', 'one of texts, source and memories says where to search');
  if (source === undefined) return texts ?? [];
  const parts = textParts(await storedText(source, context), PART_CHARACTERS);
  if (parts.length > MOST_TEXTS)
    throw new CallerError('DOCUMENT_TOO_LARGE', 'the artifact has too many parts', { limit: MOST_TEXTS });
  return parts;
}
