import { describe, expect, it } from '@jest/globals';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { CallerError } from '@aumos/agf-domain';
import { toActivityFailure } from '../src/worker/failure.js';
import { runtimeLine } from '../src/worker/install-runtime.js';

const CANARY = 'CANARYCELL-sk-live-12345';
const SITE = { node: 'load', visit: 2, attempts: 3 };
const META = {
  workflowId: 'tenant-1/execution-1',
  workflowType: 'graphWorkflow',
  activityType: 'runTool',
  attempt: 1,
  anything: CANARY,
};
const lineOf = (error: unknown, message = 'Activity failed') =>
  runtimeLine({ level: 'WARN', message, meta: { ...META, error } });
const unforeseen = (text: string): Error => Object.assign(new TypeError(text), { detail: text, query: text });

describe("a line of Temporal's log", () => {
  it('says what failed and where, and not what it says', () => {
    const error = toActivityFailure(new CallerError('TYPE_MISMATCH', `row 1: "${CANARY}"`, { cell: CANARY }), SITE);
    expect(lineOf(error)).toEqual({
      level: 'WARN',
      message: 'Activity failed',
      fields: {
        tenant_id: 'tenant-1',
        execution_id: 'execution-1',
        workflow_type: 'graphWorkflow',
        activity_type: 'runTool',
        attempt: 1,
        err: { type: 'ApplicationFailure', code: 'TYPE_MISMATCH', ...SITE },
      },
    });
  });

  it.each([
    ['a tool', new CallerError('CSV_EMPTY', CANARY)],
    [
      'an activity',
      new ActivityFailure(
        CANARY,
        'runTool',
        '1',
        'TIMEOUT',
        'me',
        ApplicationFailure.create({ message: CANARY, type: 'X' }),
      ),
    ],
    ['nobody foresaw', unforeseen(`quotes ${CANARY}`)],
    ['nobody foresaw, over several lines', unforeseen(`quotes\n    at ${CANARY} (x.ts:1:1)\n${CANARY}`)],
    [
      'a sandbox of another realm',
      { name: 'Error', message: CANARY, stack: `Error: ${CANARY}\n    at run (w.js:1:2)` },
    ],
    ['a cause', new Error(CANARY, { cause: unforeseen(CANARY) })],
    ['a text', CANARY],
    ['a name that is none', Object.assign(new Error('x'), { name: `"${CANARY}" failed`, code: `"${CANARY}"` })],
  ])('has no text of an error of %s', (_what, error) => {
    expect(JSON.stringify(lineOf(error, `Workflow failed: ${CANARY}`))).not.toContain(CANARY);
  });

  it('shows where an error came from that nobody foresaw', () => {
    const { fields } = lineOf(unforeseen(CANARY));
    expect(fields['err']).toMatchObject({ type: 'TypeError', stack: expect.stringContaining('log-fields.test') });
  });
});
