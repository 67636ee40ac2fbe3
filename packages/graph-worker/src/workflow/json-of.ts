import { jsonSize, type Json } from '@aumos/agf-domain/runtime';

/** As JSON has it; undefined is null. @throws TypeError for what has no JSON */
export const jsonOf = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null) ?? 'null') as Json;

const SHOWN_BYTES = 64 * 1024;

/** The same for rows and errors that people read: what has no JSON is named, what is large left out. */
export function shownJson(value: unknown): Json {
  try {
    const json = jsonOf(value);
    const bytes = jsonSize(json);
    return bytes <= SHOWN_BYTES ? json : { truncated: true, bytes };
  } catch (error) {
    return { not_json: (error as Error).message };
  }
}
