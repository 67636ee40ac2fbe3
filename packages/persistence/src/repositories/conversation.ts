import type { Json } from '@aumos/agf-domain';
import type { VisitKey } from './visits.mapping.js';

export interface ConversationQuery {
  execution_id: string;
  /** of the turns */
  node: string;
  /** the turn that comes: those before it are read */
  before: number;
  /** the visits whose results it is told */
  told: readonly Omit<VisitKey, 'execution_id'>[];
  /** of one result; the rest of it is left where it is */
  characters: number;
  /** turns and results together */
  rows: number;
  /** of all their texts, UTF-8 */
  bytes: number;
}

/** One visit's result, as JSON text. */
export interface SaidResult {
  node: string;
  visit: number;
  text: string;
  /** characters of all of it, where `text` is only its beginning */
  cut_from: number | null;
  /** what the call was made with, where people edited that; else null */
  edited: Json;
}

/** What was said in a visit of an agent; without a text of it where that is more than was asked for. */
export type PastConversation =
  | { fits: true; bytes: number; turns: { visit: number; input: Json; output: Json }[]; results: SaidResult[] }
  | { fits: false; bytes: number };

export interface ConversationRow {
  turn: boolean;
  node: string;
  visit: number;
  characters: number;
  bytes: number;
  input: string | null;
  output: string | null;
}

export function pastConversation(
  rows: readonly ConversationRow[],
  asked: Pick<ConversationQuery, 'characters' | 'rows'>,
): PastConversation {
  const bytes = rows[0]?.bytes ?? 0;
  if (rows.length > asked.rows || rows.some(({ output }) => output === null)) return { fits: false, bytes };
  const [turns, results] = [rows.filter(({ turn }) => turn), rows.filter(({ turn }) => !turn)];
  return {
    ...{ fits: true, bytes },
    turns: turns.map(({ visit, input, output }) => ({ visit, input: parsed(input), output: parsed(output) })),
    results: results.map(({ node, visit, input, output, characters }) => ({
      ...{ node, visit, text: output ?? 'null', edited: parsed(input) },
      cut_from: characters > asked.characters ? characters : null,
    })),
  };
}

const parsed = (text: string | null): Json => JSON.parse(text ?? 'null') as Json;
