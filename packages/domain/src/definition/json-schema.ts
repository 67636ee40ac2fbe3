import { z } from 'zod';
import type { JsonObject } from '../json/json.js';
import { languageSchema } from './language.js';

/**
 * The published JSON Schema (2020-12) of the language, for editors and other languages.
 * It covers the structure; what only the whole can show (references, conflicts, levels) is {@link validateDefinition}'s.
 */
export const definitionJsonSchema: JsonObject = {
  ...(z.toJSONSchema(languageSchema, { io: 'input' }) as JsonObject),
  $id: 'https://schemas.aumos.ai/agf/workflow/v1.json',
  title: 'AumOS workflow definition agf/workflow/v1',
};
