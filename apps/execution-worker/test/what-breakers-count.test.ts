import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BreakerConfig,
  type BreakerKey,
  CallerError,
  type ExecutionError,
  type JsonObject,
  NODE_ERROR_CODES,
  type Permit,
  type ReportedOutcome,
  ToolError,
} from '@aumos/agf-domain';
import { breakerOutcome, type ChildCall } from '@aumos/agf-engine/common';
import type { ExecutionEntity } from '@aumos/agf-persistence';
import { describe, expect, it } from '@jest/globals';
import { asyncLocalStorage } from '@temporalio/activity';
import { thrownOutcome } from '../src/breakers/thrown-outcome.js';
import { toldOutcome } from '../src/breakers/told-outcome.js';
import { endOfChild } from '../src/children/end-of-child.js';
import { COUNTED } from './support/error-codes.js';

const CONFIG = { failure_threshold: 5, window_seconds: 60, reset_timeout_seconds: 60, half_open_max_calls: 3 };
const permitOf = (...links: [key: BreakerKey, config?: Partial<BreakerConfig>][]): Permit => ({
  id: 'p',
  links: links.map(([key, config]) => ({ key, epoch: 0, config: { ...CONFIG, ...config } })),
});
const of = (outcome: ReportedOutcome, key: BreakerKey): string =>
  typeof outcome === 'string' ? outcome : outcome(key);
const errorOf = (code: string, details: ExecutionError['details'] = {}): ExecutionError => ({
  ...{ code, message: 'x', node: 'a', visit: 1, attempts: 1, details },
});

/** As the activity's attempt, of as many as its retry policy allows. */
interface Attempt {
  attempt?: number;
  most?: number;
  never?: string[];
  cancelled?: boolean;
}
function thrown(permit: Permit, error: Error, { attempt = 1, most = 1, never, cancelled }: Attempt = {}) {
  const retryPolicy = { maximumAttempts: most, ...(never ? { nonRetryableErrorTypes: never } : {}) };
  const cancellationSignal = cancelled ? AbortSignal.abort() : new AbortController().signal;
  const context = { info: { attempt, retryPolicy }, cancellationSignal };
  return asyncLocalStorage.run(context as never, () => thrownOutcome(permit, error));
}

/** What the call's end tells the breaker, both where it is thrown and where it is told. */
function ofCall(key: BreakerKey, error: ToolError): string {
  const permit = permitOf([key]);
  const details: JsonObject = error.fault === 'caller' ? { fault: error.fault } : {};
  const both = [thrown(permit, error), toldOutcome(permit, errorOf(error.code, details))].map((each) => of(each, key));
  expect(both[0]).toBe(both[1]);
  return both[0] as string;
}

/** What the end of an execution tells the breaker of the workflow above it, which nothing caught it in. */
function ofParent(cause: ExecutionError): string {
  const child = { status: 'failed', error_details: cause, id: 'c' } as ExecutionEntity;
  const ended = endOfChild({ workflow: 'w', node: 'call', visit: 1 } as ChildCall, child);
  return breakerOutcome(ended.kind === 'failed' ? ended.error : null);
}

describe('what breakers count', () => {
  it.each(Object.entries(COUNTED))('%s: %s', (code, counted) => {
    const told = {
      tool: ofCall('tool:t', new ToolError(code, 'x')),
      agent: ofCall('agent:a', new ToolError(code, 'x')),
      workflow: breakerOutcome(errorOf(code)),
    };
    const expected = (place: string): string => (counted.includes(place) ? 'failure' : 'ignored');
    expect(told.workflow).toBe(expected('workflow'));
    // What cannot end a call of one is nobody's concern there.
    for (const place of ['tool', 'agent'] as const)
      if (counted === '' || counted.includes(place)) expect([place, told[place]]).toEqual([place, expected(place)]);
    expect(ofParent(errorOf(code))).toBe('ignored');
    expect(ofParent(errorOf('CHILD_FAILED', { cause: { ...errorOf(code) } }))).toBe('ignored');
  });

  it.each(Object.keys(COUNTED))('%s: nothing where it is the fault of who called', (code) => {
    expect(ofCall('tool:t', new CallerError(code, 'x'))).toBe('ignored');
    expect(ofCall('agent:a', new CallerError(code, 'x'))).toBe('ignored');
    expect(breakerOutcome(errorOf(code, { fault: 'caller' }))).toBe('ignored');
  });

  it('is what each breaker of a chain does not ignore', () => {
    const permit = permitOf(
      ['tool:t', { ignored_errors: ['LATE'] }],
      ['agent:a'],
      ['workflow:w', { ignored_errors: [] }],
    );
    for (const outcome of [toldOutcome(permit, errorOf('LATE')), thrown(permit, new ToolError('LATE', 'x'))])
      expect(permit.links.map(({ key }) => of(outcome, key))).toEqual(['ignored', 'failure', 'failure']);
    expect(toldOutcome(permit, null)).toBe('success');
  });

  it.each<[string, Error, Attempt, 'failure' | 'ignored']>([
    ['an attempt that will be repeated', new ToolError('X', 'x', true), { attempt: 1, most: 3 }, 'ignored'],
    ['the last attempt', new ToolError('X', 'x', true), { attempt: 3, most: 3 }, 'failure'],
    ['what is final', new ToolError('X', 'x', false), { attempt: 1, most: 3 }, 'failure'],
    ['what its node never retries', new ToolError('X', 'x', true), { attempt: 1, most: 3, never: ['X'] }, 'failure'],
    ['what nobody foresaw, to be repeated', new Error('x'), { attempt: 1, most: 3 }, 'ignored'],
    ['what nobody foresaw, at last', new Error('x'), { attempt: 3, most: 3 }, 'failure'],
    ['a call that was cancelled', new ToolError('X', 'x'), { cancelled: true }, 'ignored'],
  ])('of a call once, after its retries: %s', (_, error, attempt, outcome) => {
    expect(of(thrown(permitOf(['tool:t']), error, attempt), 'tool:t')).toBe(outcome);
  });
});

const ROOT = new URL('../../../', import.meta.url).pathname;
const SOURCES = ['domain', 'engine', 'outgoing', 'tools', 'node-worker'].map((name) => `packages/${name}/src`);
const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('simulate'))
    .map((name) => join(ROOT, folder, name));

describe('the table of codes', () => {
  it("has all codes of the language, and all that the platform's own code throws", () => {
    const text = [...SOURCES, 'apps/execution-worker/src'].flatMap(filesIn).map((file) => readFileSync(file, 'utf8'));
    const PATTERN =
      /(?:new (?:ToolError|HandlerError)\(\s*|executionError\([^']{0,60}|childError\(\w+, )'([A-Z][A-Z_]+)'/g;
    const found = text.flatMap((each) => [...each.matchAll(PATTERN)].map(([, code]) => code as string));
    expect(found.length).toBeGreaterThan(50);
    const missing = [...new Set([...NODE_ERROR_CODES, ...found])].filter((code) => !Object.hasOwn(COUNTED, code));
    // A failed child's own error is its cause.
    expect(missing.filter((code) => code !== 'CHILD_FAILED').sort()).toEqual([]);
  });
});
