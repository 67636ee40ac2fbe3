import { ApplicationFailure } from '@temporalio/common';
import { isForeseen } from './failure.js';

type Fields = Record<string, unknown>;

const MAX_CAUSES = 3;
const MAX_FRAMES = 20;
const MAX_MESSAGE = 200;
/** What names something; a text that quotes somebody's data is none. */
const NAME = /^[\w.:/-]{1,200}$/;

const named = (value: unknown): string | undefined =>
  typeof value === 'string' && NAME.test(value) ? value : undefined;
const whole = (value: unknown): number | undefined => (Number.isSafeInteger(value) ? (value as number) : undefined);
const members = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const given = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/**
 * Of a failure: what it is and where, never what it says. Its text may quote a cell, an input or a connection, so of
 * errors that nobody foresaw the stack's frames are left.
 */
function failureFields(error: unknown, causes = 0): Fields {
  const { name, code, stack, cause } = members(error);
  const failure = error instanceof ApplicationFailure ? error : null;
  const site = members(failure?.details?.[0]);
  const nested = cause !== undefined && cause !== null && causes < MAX_CAUSES;
  return given({
    type: named(name),
    code: named(failure?.type ?? code),
    node: named(site['node']),
    visit: whole(site['visit']),
    attempts: whole(site['attempts']),
    stack: failure || isForeseen(error) || typeof stack !== 'string' ? undefined : framesOf(error, stack),
    cause: nested ? failureFields(cause, causes + 1) : undefined,
  });
}

/** The text comes first, and may have lines that look like frames. */
function framesOf(error: unknown, stack: string): string | undefined {
  const { message } = members(error);
  const text = typeof message === 'string' ? message : '';
  const start = text === '' ? 0 : Math.max(0, stack.indexOf(text)) + text.length;
  const lines = stack.slice(start).split('\n');
  const frames = lines.filter((line) => /^\s+at /.test(line)).slice(0, MAX_FRAMES);
  return frames.length === 0 ? undefined : frames.join('\n');
}

/** Temporal's names for what its line is about, as the platform's logs call them. `<tenant>/<execution>` is a workflow id. */
export function lineFields(meta: Fields): Fields {
  const [tenant_id, ...rest] = (named(meta['workflowId']) ?? '').split('/');
  const approval = rest[0] === 'approval';
  return given({
    tenant_id: tenant_id === '' ? undefined : tenant_id,
    execution_id: approval ? undefined : rest[0],
    approval_id: approval ? rest[1] : undefined,
    workflow_type: named(meta['workflowType']),
    run_id: named(meta['runId']),
    activity_type: named(meta['activityType']),
    activity_id: named(meta['activityId']),
    attempt: whole(meta['attempt']),
    task_queue: named(meta['taskQueue']),
    duration_ms: whole(meta['durationMs']),
    err: 'error' in meta ? failureFields(meta['error']) : undefined,
  });
}

/** Temporal puts an error's text behind a colon; what is before it is Temporal's own. */
export const lineText = (message: string): string => (message.split(': ', 1)[0] ?? '').slice(0, MAX_MESSAGE);
