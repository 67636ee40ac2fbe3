import { describe, expect, it } from '@jest/globals';
import {
  APPROVAL_STATUSES,
  type ApprovalTally,
  canApprovalBecome,
  canBecome,
  decideApproval,
  EXECUTION_STATUSES,
  holdsSlot,
  isEnded,
} from '../src/runtime.js';

const ways = <S extends string>(all: readonly S[], can: (from: S, to: S) => boolean): string[] =>
  all.flatMap((from) => all.filter((to) => can(from, to)).map((to) => `${from} > ${to}`));

describe('an execution', () => {
  it('goes these ways and no other', () =>
    expect(ways(EXECUTION_STATUSES, canBecome)).toEqual([
      'pending > running',
      'pending > failed',
      'pending > cancelled',
      'running > paused_hitl',
      'running > completed',
      'running > failed',
      'running > cancelled',
      'paused_hitl > running',
      'paused_hitl > completed',
      'paused_hitl > failed',
      'paused_hitl > cancelled',
    ]));
  it('has three ends and holds a slot while it is pending or running', () => {
    expect(EXECUTION_STATUSES.filter(isEnded)).toEqual(['completed', 'failed', 'cancelled']);
    expect(EXECUTION_STATUSES.filter(holdsSlot)).toEqual(['pending', 'running']);
  });
});

describe('an approval', () => {
  it('goes these ways and no other', () =>
    expect(ways(APPROVAL_STATUSES, canApprovalBecome)).toEqual([
      'pending > approved',
      'pending > rejected',
      'pending > edited',
      'pending > answered',
      'pending > expired',
      'pending > cancelled',
      'approved > consumed',
    ]));

  const tally = (approvals_required: number, ...approved_by: string[]): ApprovalTally => ({
    status: 'pending',
    approvals_required,
    approved_by,
  });
  it('one of one approves', () =>
    expect(decideApproval(tally(1), 'a', 'approve')).toEqual({
      accepted: true,
      next: { status: 'approved', approvals_required: 1, approved_by: ['a'] },
    }));
  it('two of two are two different people', () => {
    const first = decideApproval(tally(2), 'a', 'approve');
    expect(first).toEqual({ accepted: true, next: tally(2, 'a') });
    expect(decideApproval(tally(2, 'a'), 'a', 'approve')).toEqual({ accepted: false, reason: 'already_approved' });
    expect(decideApproval(tally(2, 'a'), 'b', 'approve')).toMatchObject({
      accepted: true,
      next: { status: 'approved' },
    });
  });
  it.each(['A', ' a', 'a\u200b'])('the same person, written %j, counts once', (other) =>
    expect(decideApproval(tally(2, 'a'), other, 'approve')).toEqual({ accepted: false, reason: 'already_approved' }),
  );

  const staged = (required: number[], at: number, approved: number, ...by: string[]): ApprovalTally => ({
    ...tally(
      required.reduce((sum, one) => sum + one, 0),
      ...by,
    ),
    stages: { required, at, approved },
  });
  it('asks the next stage once the one before has all that it asks for', () => {
    expect(decideApproval(staged([2, 1], 0, 0), 'a', 'approve')).toEqual({
      accepted: true,
      next: staged([2, 1], 0, 1, 'a'),
    });
    expect(decideApproval(staged([2, 1], 0, 1, 'a'), 'b', 'approve')).toEqual({
      accepted: true,
      next: staged([2, 1], 1, 0, 'a', 'b'),
    });
    expect(decideApproval(staged([2, 1], 1, 0, 'a', 'b'), 'c', 'approve')).toMatchObject({
      accepted: true,
      next: { status: 'approved', approved_by: ['a', 'b', 'c'] },
    });
  });
  it('lets nobody count in two stages', () =>
    expect(decideApproval(staged([1, 1], 1, 0, 'a'), 'A', 'approve')).toEqual({
      accepted: false,
      reason: 'already_approved',
    }));
  it.each([0, 1])('is ended by a rejection in stage %i', (at) =>
    expect(decideApproval(staged([1, 1], at, 0), 'z', 'reject')).toMatchObject({ next: { status: 'rejected' } }),
  );
  it('asks for as many as were raised, in the last stage', () => {
    const raised = { ...staged([1], 0, 0), approvals_required: 2 };
    const first = decideApproval(raised, 'a', 'approve');
    expect(first).toMatchObject({ next: { status: 'pending', stages: { at: 0, approved: 1 } } });
    expect(decideApproval((first as { next: ApprovalTally }).next, 'b', 'approve')).toMatchObject({
      next: { status: 'approved' },
    });
  });

  it('one rejection rejects, also of who approved before', () =>
    expect(decideApproval(tally(2, 'a'), 'a', 'reject')).toMatchObject({
      accepted: true,
      next: { status: 'rejected' },
    }));
  it.each(APPROVAL_STATUSES.filter((status) => status !== 'pending'))(
    'is not decided again once it is %s',
    (status) => {
      for (const decision of ['approve', 'reject'] as const)
        expect(decideApproval({ ...tally(1), status }, 'b', decision)).toEqual({
          accepted: false,
          reason: 'not_pending',
        });
    },
  );
});
