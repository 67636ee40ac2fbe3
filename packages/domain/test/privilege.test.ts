import { describe, expect, it } from '@jest/globals';
import {
  type Actor,
  decidePrivilege,
  effectiveLevel,
  isPrivilegeLevel,
  mayDecide,
  type PrivilegeLevel,
  type Role,
  ROLES,
} from '../src/runtime.js';

const LEVELS: PrivilegeLevel[] = [1, 2, 3, 4, 5];
const pairs = LEVELS.flatMap((a) => LEVELS.map((b): [PrivilegeLevel, PrivilegeLevel] => [a, b]));

describe('what a call needs against what its caller has', () => {
  it.each(pairs)('need %i, token %i', (need, token) =>
    expect(decidePrivilege({ token, cap: 5, need })).toEqual({ allowed: token >= need, effective: token, need }),
  );
  it('says yes 15 times of 25', () =>
    expect(pairs.filter(([need, token]) => decidePrivilege({ token, cap: 5, need }).allowed)).toHaveLength(15));
});

describe('the effective level is the lowest of all sources', () => {
  it.each(pairs)('%i and %i', (token, other) => {
    const lowest = Math.min(token, other);
    expect(effectiveLevel({ token, cap: other })).toBe(lowest);
    for (const source of ['grant', 'agent', 'ceiling'] as const)
      expect(effectiveLevel({ token, cap: 5, [source]: other })).toBe(lowest);
  });
  it('with all of them', () => {
    expect(effectiveLevel({ token: 5, grant: 4, agent: 3, ceiling: 2, cap: 5 })).toBe(2);
    expect(effectiveLevel({ token: 5, grant: undefined, agent: undefined, ceiling: undefined, cap: 5 })).toBe(5);
    expect(effectiveLevel({ token: 5, grant: 5, agent: 5, ceiling: 5, cap: 1 })).toBe(1);
  });
  it('a child never has more than its parent', () => {
    for (const [token, ceiling] of pairs)
      expect(effectiveLevel({ token, ceiling, cap: 5 })).toBeLessThanOrEqual(ceiling);
  });
  it('knows what is no level', () => {
    expect([0, 6, 1.5, NaN, '3', null, undefined].some(isPrivilegeLevel)).toBe(false);
    expect(LEVELS.every(isPrivilegeLevel)).toBe(true);
  });
});

describe('who may decide', () => {
  const decider = (...roles: Role[]): Pick<Actor, 'sub' | 'roles'> => ({ sub: 'decider', roles });
  const approval = (privilege_level: PrivilegeLevel, requested_by = 'starter') => ({ requested_by, privilege_level });

  it.each(pairs)('need %i, decider of level %i', (need, level) => {
    const enough = level >= Math.min(need, 4);
    expect(mayDecide(decider('approver'), level, approval(need))).toEqual(
      enough ? { allowed: true, rule: 'role:approver' } : { allowed: false, reason: 'level' },
    );
  });
  it.each(['Starter', 'STARTER', ' starter', 'starter ', 'star ter', 'starter\u00a0', 'star\u200bter', 'ｓtarter'])(
    'who asked, written %j',
    (sub) => {
      expect(mayDecide({ sub, roles: ['approver'] }, 5, approval(3))).toEqual({ allowed: false, reason: 'requester' });
    },
  );
  it.each(['starter2', 'stárter', 'tarters', ''])('another, %j', (sub) => {
    expect(mayDecide({ sub, roles: ['approver'] }, 5, approval(3))).toEqual({ allowed: true, rule: 'role:approver' });
  });
  it.each(ROLES)('role %s', (role) => {
    const may = role === 'approver' || role === 'admin';
    expect(mayDecide(decider(role), 5, approval(3))).toEqual(
      may ? { allowed: true, rule: `role:${role}` } : { allowed: false, reason: 'role' },
    );
  });
  it('no role at all', () => expect(mayDecide(decider(), 5, approval(3))).toEqual({ allowed: false, reason: 'role' }));
  it('never who asked for it, whatever else they are', () =>
    expect(mayDecide(decider(...ROLES), 5, approval(1, 'decider'))).toEqual({ allowed: false, reason: 'requester' }));
});
