import { invalidField, type Json, type JsonObject } from '@aumos/agf-domain';
import type { ModelTurn } from '@aumos/agf-engine/simulate';

const ENDS = ['text', 'json', 'calls', 'error', 'refused'] as const;
const CALLS = 100;

/** A turn as JSON says it. @throws ApiError VALIDATION_ERROR, naming the field */
export function modelTurn(given: JsonObject, field: string): ModelTurn {
  const problem = problemOf(given);
  if (problem !== undefined) throw invalidField(field, problem);
  // Plain members alone: what has a class does not travel to the thread as it is.
  return JSON.parse(JSON.stringify(given)) as ModelTurn;
}

function problemOf(turn: JsonObject): string | undefined {
  const ends = ENDS.filter((end) => turn[end] !== undefined);
  const [end] = ends;
  if (ends.length !== 1 || end === undefined) return `must have one of ${ENDS.join(', ')}`;
  const others = Object.keys(turn).filter((name) => name !== end && name !== 'takes_ms');
  if (others.length > 0) return `has unknown members: ${others.slice(0, 5).join(', ')}`;
  const { takes_ms = 0 } = turn;
  if (typeof takes_ms !== 'number' || !(takes_ms >= 0) || takes_ms > 31_536_000_000) return 'takes_ms must be a time';
  return isGood[end](turn[end] as Json) ? undefined : `${end} is not of its form`;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isGood: Record<(typeof ENDS)[number], (value: Json) => boolean> = {
  text: (value) => typeof value === 'string',
  json: () => true,
  calls: (value) => Array.isArray(value) && value.length > 0 && value.length <= CALLS && value.every(isCall),
  error: (value) => isObject(value) && typeof value['code'] === 'string' && isErrorRest(value),
  refused: (value) => isObject(value) && ['undefined', 'number'].includes(typeof value['retry_after_ms']),
};

const isCall = (call: Json): boolean =>
  isObject(call) &&
  typeof call['tool'] === 'string' &&
  (call['arguments'] === undefined || isObject(call['arguments'])) &&
  ['undefined', 'string'].includes(typeof call['id']);

const isErrorRest = ({ message, retryable, details }: JsonObject): boolean =>
  ['undefined', 'string'].includes(typeof message) &&
  ['undefined', 'boolean'].includes(typeof retryable) &&
  (details === undefined || isObject(details));
