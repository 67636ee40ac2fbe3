import { describe, expect, it } from '@jest/globals';
import { CallerError, isSignOfIllness, ToolError } from '../src/index.js';

describe('what counts against the health of what was called', () => {
  it.each(['TOOL_FAILED', 'TOOL_TIMEOUT', 'CONNECTION_FAILED', 'EXPRESSION_ERROR', 'STATE_SCHEMA', 'INTERNAL_ERROR'])(
    '%s does',
    (code) => expect(isSignOfIllness({ code })).toBe(true),
  );

  it.each([
    'CIRCUIT_OPEN',
    'APPROVAL_REJECTED',
    'APPROVAL_EXPIRED',
    'CANCELLED',
    'PRIVILEGE_DENIED',
    'ADDRESS_BLOCKED',
  ])('%s does not', (code) => expect(isSignOfIllness({ code })).toBe(false));

  it('is what a tool says of it, whatever its code', () => {
    expect(isSignOfIllness(new ToolError('CSV_EMPTY', 'no header'))).toBe(true);
    const callers = new CallerError('CSV_EMPTY', 'no header', { row: 1 });
    expect(isSignOfIllness(callers)).toBe(false);
    expect(callers).toMatchObject({ retryable: false, details: { row: 1 } });
    expect(callers).toBeInstanceOf(ToolError);
  });
});
