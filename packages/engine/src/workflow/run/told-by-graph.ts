import { rfc3339Ms, type ExecutionError, type JsonObject } from '@aumos/agf-domain/runtime';
import { GRAPH_FAILED, type VisitRecord } from '../../common/index.js';
import { executionError, type ErrorSite } from '../plan/failure.js';
import { isObject, isPlain, shownJson } from './told-json.js';

const CODE_LENGTH = 128;
const MOST_ATTEMPTS = 1_000_000;

/** A team's worker sent it: it may be anything. */
export function toldError(told: unknown, site: ErrorSite): ExecutionError {
  const { code, message, details, attempts } = isObject(told) ? told : {};
  return executionError(
    site,
    typeof code === 'string' && code !== '' && code.length <= CODE_LENGTH && isPlain(code) ? code : GRAPH_FAILED,
    typeof message === 'string' ? message : 'The graph failed',
    isObject(details) ? (shownJson(details) as JsonObject) : {},
    isAttempts(attempts) ? attempts : 1,
  );
}

type ToldRow = Pick<VisitRecord, 'status' | 'input' | 'output' | 'error' | 'started_at' | 'completed_at'>;

/** The row of a node that ended, of what may be anything. Nothing else of it counts: no approval, no execution. */
export function toldRow(told: Readonly<Record<string, unknown>>, site: ErrorSite, now: number): ToldRow {
  const { input, output, error, started_at, completed_at } = told;
  const failed = error !== null && error !== undefined;
  return {
    status: failed ? 'failed' : 'completed',
    input: shownJson(input),
    output: shownJson(output),
    error: failed ? toldError(error, site) : null,
    started_at: timestamp(started_at, now),
    completed_at: timestamp(completed_at, now),
  };
}

const isAttempts = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= MOST_ATTEMPTS;

function timestamp(told: unknown, now: number): string {
  return new Date(typeof told === 'string' ? msOf(told, now) : now).toISOString();
}

function msOf(told: string, now: number): number {
  try {
    return rfc3339Ms(told);
  } catch {
    return now;
  }
}
