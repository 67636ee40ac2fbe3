import type { Json } from '@aumos/agf-domain/runtime';

/** As JSON has it; undefined is null. @throws TypeError for what has no JSON */
export const jsonOf = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null) ?? 'null') as Json;

/** The same for rows that people read: what has no JSON is named. */
export function shownJson(value: unknown): Json {
  try {
    return jsonOf(value);
  } catch (error) {
    return { not_json: (error as Error).message };
  }
}
