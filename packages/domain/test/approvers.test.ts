import { describe, expect, it } from '@jest/globals';
import {
  type ApprovalRule,
  type ApproverGroup,
  type ApproverRef,
  mayDecide,
  type Role,
  type ToDecide,
} from '../src/runtime.js';

const RISK: ApproverGroup = {
  name: 'risk',
  members: ['rita'],
  roles: ['auditor'],
  claims: [{ claim: 'department', value: 'risk' }],
};
const stage = (...approvers: ApproverRef[]) => ({ name: 's', approvers, approvals_required: 1 });
const ruleOf = (...stages: ApprovalRule['stages']): Pick<ApprovalRule, 'stages'> => ({ stages });
const asked = (over: Partial<ToDecide> = {}): ToDecide => ({
  requested_by: 'starter',
  privilege_level: 3,
  rule: ruleOf(stage('risk'), stage('role:admin')),
  ...over,
});
const may = (
  sub: string,
  approval: ToDecide,
  { roles = ['approver'], claims = {} }: { roles?: Role[]; claims?: Record<string, string[]> } = {},
  level: 1 | 2 | 3 | 4 | 5 = 5,
): string => {
  const answer = mayDecide({ sub, roles, claims }, level, approval, [RISK]);
  return answer.allowed ? answer.rule : `not: ${answer.reason}`;
};

describe('who decides by a rule', () => {
  it.each<[string, string, Parameters<typeof may>[2]]>([
    ['by name', 'Rita', {}],
    ['by a role', 'x', { roles: ['approver', 'auditor'] }],
    ['by a claim', 'x', { claims: { department: ['sales', 'risk'] } }],
  ])('is of the group %s', (_, sub, more) => expect(may(sub, asked(), more)).toBe('group:risk'));

  it.each<[string, Parameters<typeof may>[2]]>([
    ['another claim', { claims: { team: ['risk'] } }],
    ['another value', { claims: { department: ['risks'] } }],
    ['a claim that every object has', { claims: {} }],
    ['an admin whom the stage does not ask', { roles: ['admin'] }],
  ])('is nobody with %s', (_, more) => expect(may('x', asked(), more)).toBe('not: approvers'));

  it('needs role and level besides', () => {
    expect(may('rita', asked(), { roles: ['auditor'] })).toBe('not: role');
    expect(may('rita', asked(), {}, 2)).toBe('not: level');
    expect(may('rita', asked({ privilege_level: 5 }), {}, 4)).toBe('group:risk');
  });

  it('is never who asked, edited or is kept out, of whatever group', () => {
    expect(may('rita', asked({ requested_by: 'RITA' }))).toBe('not: requester');
    expect(may('rita', asked({ edited_by: ['rita '] }))).toBe('not: editor');
    expect(may('rita', asked({ excluded: ['Rita'] }))).toBe('not: excluded');
  });

  it('changes with the stage', () => {
    expect(may('rita', asked({ stage: 1 }))).toBe('not: approvers');
    expect(may('boss', asked({ stage: 1 }), { roles: ['admin'] })).toBe('role:admin');
  });

  it('is anybody who may decide at all where the stage, or the approval, names nobody', () => {
    for (const rule of [null, ruleOf(stage())]) {
      expect(may('x', asked({ rule }))).toBe('role:approver');
      expect(may('x', asked({ rule }), { roles: ['admin'] })).toBe('role:admin');
    }
  });

  it('is nobody by a group that is gone, and some besides once it was escalated', () => {
    expect(mayDecide({ sub: 'rita', roles: ['approver'] }, 5, asked(), [])).toMatchObject({ reason: 'approvers' });
    expect(may('boss', asked({ extra_approvers: ['role:admin'] }), { roles: ['admin'] })).toBe('role:admin');
  });

  describe('or to whom it was left', () => {
    const left = { from: 'rita', to: 'Dan', stage: 0 };
    it('who decides in place of whoever left it', () => {
      expect(may('dan', asked({ delegations: [left] }))).toBe('delegated:rita');
      expect(may('rita', asked({ delegations: [left] }))).toBe('not: delegated');
    });
    it('in that stage alone', () => {
      expect(may('dan', asked({ delegations: [left], stage: 1 }))).toBe('not: approvers');
      const boss = { ...left, from: 'boss' };
      expect(may('boss', asked({ delegations: [boss], stage: 1 }), { roles: ['admin'] })).toBe('role:admin');
    });
    it('with role and level of their own, and not where they asked', () => {
      expect(may('dan', asked({ delegations: [left] }), { roles: ['viewer'] })).toBe('not: role');
      expect(may('dan', asked({ delegations: [left] }), {}, 2)).toBe('not: level');
      expect(may('dan', asked({ delegations: [left], requested_by: 'dan' }))).toBe('not: requester');
    });
  });
});
