import { jsonSize, storableJson, ToolError } from '@aumos/agf-domain';
import { MODEL_REPLY_LIMIT, type ModelReply } from '@aumos/agf-engine/common';

/** Of a whole reply, as JSON: a workflow carries it. */
const REPLY_BYTES = 1024 * 1024;
/** Of a name that whoever replies made up. */
const NAME_CHARACTERS = 64;
/** Of ids, which whoever replies chooses. */
const ID_CHARACTERS = 128;

/** @param what whose it is, as `the model's reply` @throws ToolError MODEL_REPLY_LIMIT */
export function fitting(reply: ModelReply, what: string): ModelReply {
  const bytes = jsonSize(reply);
  if (bytes <= REPLY_BYTES) return reply;
  const text = `${what} is ${String(bytes)} bytes of JSON; ${String(REPLY_BYTES)} are the most`;
  throw new ToolError(MODEL_REPLY_LIMIT, text, false, { bytes, limit: REPLY_BYTES });
}

export const callName = (name: string): string => storableJson(name.slice(0, NAME_CHARACTERS));

/** Ids of a turn's calls: their own, where they can be used and are there once. @returns the id of the call at that place */
export function callIds(turn: number): (own: unknown, place: number) => string {
  const ids = new Set<string>();
  return (own, place) => {
    const usable = typeof own === 'string' && own !== '' && own.length <= ID_CHARACTERS && !ids.has(own);
    const id = usable ? storableJson(own) : `call_${String(turn)}_${String(place + 1)}`;
    ids.add(id);
    return id;
  };
}
