import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { ApiError, CallerError, ToolError } from '@aumos/agf-domain';
import { breakerOutcome } from '../src/common/index.js';
import { toActivityFailure } from '../src/worker/failure.js';

const SITE = { node: 'load', visit: 2, attempts: 3 };
const failure = (error: unknown) => toActivityFailure(error, SITE) as ApplicationFailure;

describe('an activity failure', () => {
  it('has its code as type, and the whole error as its first detail', () => {
    const made = failure(new ToolError('TABLE_LOCKED', 'the table is locked', true, { table: 'cars' }));
    expect(made).toBeInstanceOf(ApplicationFailure);
    expect(made).toMatchObject({ type: 'TABLE_LOCKED', nonRetryable: false });
    expect(made.details).toEqual([
      { code: 'TABLE_LOCKED', message: 'the table is locked', ...SITE, details: { table: 'cars' } },
    ]);
  });

  it('says when the caller is to blame, for the breakers', () => {
    const made = failure(new CallerError('CSV_EMPTY', 'no header', { bytes: 0 }));
    expect(made).toMatchObject({ nonRetryable: true, details: [{ details: { bytes: 0, fault: 'caller' } }] });
  });

  it.each([
    [new ToolError('BAD_ROW', 'x'), true],
    [new ToolError('BUSY', 'x', true), false],
    [new ToolError('PRIVILEGE_DENIED', 'x', true), true],
    [new ToolError('ADDRESS_BLOCKED', 'x', true), true],
    [new ApiError('PRIVILEGE_DENIED', 'x'), true],
    [new ApiError('NOT_FOUND', 'x'), true],
    [new ApiError('SERVICE_UNAVAILABLE', 'x'), false],
    [new ApiError('RATE_LIMIT_EXCEEDED', 'x'), false],
    [new Error('x'), false],
  ])('is final or not, by its code: %s', (error, final) => {
    expect(failure(error).nonRetryable).toBe(final);
  });

  it('says nothing of what nobody foresaw', () => {
    expect(JSON.stringify(failure(new Error('password=hunter2')))).not.toContain('hunter2');
    expect(failure('just a string').type).toBe('INTERNAL_ERROR');
  });

  it('leaves Temporal its own', () => {
    for (const own of [new CancelledFailure('x'), ApplicationFailure.nonRetryable('x')]) expect(failure(own)).toBe(own);
  });
});

describe('what an execution tells its breaker', () => {
  const error = (code: string, details = {}) => ({ code, message: '', node: null, visit: null, attempts: 1, details });
  it.each([
    [null, 'success'],
    [error('TABLE_LOCKED'), 'failure'],
    [error('EXECUTION_TIMEOUT'), 'failure'],
    [error('CIRCUIT_OPEN'), 'ignored'],
    [error('APPROVAL_REJECTED'), 'ignored'],
    [error('APPROVAL_EXPIRED'), 'ignored'],
    [error('CANCELLED'), 'ignored'],
    [error('PRIVILEGE_DENIED'), 'ignored'],
    [error('INVALID_ARGUMENTS'), 'ignored'],
    [error('CSV_EMPTY'), 'failure'],
    [error('CSV_EMPTY', { fault: 'caller' }), 'ignored'],
    [error('EXPRESSION_ERROR'), 'failure'],
    [error('CHILD_FAILED', { cause: { code: 'X' } }), 'ignored'],
    // Of a tool or a handler, whose own word it is.
    [error('UPSTREAM_BROKEN', { cause: { code: 'X' } }), 'failure'],
  ])('%j counts as %s', (given, outcome) => {
    expect(breakerOutcome(given)).toBe(outcome);
  });
});
