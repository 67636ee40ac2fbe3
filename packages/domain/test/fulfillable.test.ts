import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ApprovalStage,
  type ApproverGroup,
  fulfillable,
  mayDecide,
  personOf,
  type PossibleDecider,
  type PrivilegeLevel,
  type Role,
} from '../src/index.js';

const stage = (name: string, approvals_required: number, ...approvers: string[]): ApprovalStage => ({
  ...{ name, approvals_required, approvers },
});
const asked = (stages: ApprovalStage[], privilege_level: PrivilegeLevel = 3, ...excluded: string[]) => ({
  rule: { stages, separation_of_duties: [], standing_allowed: true, policies: [] },
  privilege_level,
  excluded,
});
const member = (sub: string, privilege_level: PrivilegeLevel = 3, ...roles: Role[]): PossibleDecider => ({
  ...{ sub, privilege_level, roles: roles.length > 0 ? roles : ['approver'] },
});
const group = (name: string, more: Partial<ApproverGroup> = {}): ApproverGroup => ({
  ...{ name, members: [], roles: [], claims: [] },
  ...more,
});
const YES = { fulfillable: true };
const no = (name: string, missing: number) => ({ fulfillable: false, stage: name, missing });

describe('whether a rule can be fulfilled', () => {
  it.each([
    ['nobody is there', [], no('all', 2)],
    ['one of two', [member('ann')], no('all', 1)],
    ['two', [member('ann'), member('bob')], YES],
    ['one in two spellings is one', [member('ann'), member('Ann ')], no('all', 1)],
    ['who asked does not count', [member('ann'), member('Starter')], no('all', 1)],
    ['too low a level', [member('ann'), member('bob', 2)], no('all', 1)],
    ['no role for it', [member('ann'), member('bob', 5, 'developer')], no('all', 1)],
    ['an admin decides as well', [member('ann'), member('bob', 3, 'admin')], YES],
  ])('of two, where %s', (_, members, expected) => {
    expect(fulfillable(asked([stage('all', 2)], 3, 'starter'), { members, groups: [] })).toEqual(expected);
  });

  it('knows groups by names, roles and claims, and one that is missing as nobody', () => {
    const members = [member('ann'), member('bob', 3, 'admin')];
    const named = (more: Partial<ApproverGroup>, n = 1) =>
      fulfillable(asked([stage('all', n, 'risk')]), { members, groups: [group('risk', more)] });
    expect(named({})).toEqual(no('all', 1));
    expect(named({ members: ['Ann'] })).toEqual(YES);
    expect(named({ members: ['ann', 'who-left'] }, 2)).toEqual(no('all', 1));
    expect(named({ roles: ['admin'] })).toEqual(YES);
    expect(named({ members: ['ann'], roles: ['admin'] }, 2)).toEqual(YES);
    expect(named({ claims: [{ claim: 'department', value: 'risk' }] }, 2)).toEqual(YES);
    expect(fulfillable(asked([stage('all', 1, 'gone')]), { members, groups: [] })).toEqual(no('all', 1));
    expect(fulfillable(asked([stage('all', 1, 'role:admin')]), { members, groups: [] })).toEqual(YES);
    expect(fulfillable(asked([stage('all', 2, 'role:admin')]), { members, groups: [] })).toEqual(no('all', 1));
    expect(fulfillable(asked([stage('all', 2, 'role:admin', 'risk')]), { members, groups: [group('risk')] })).toEqual(
      no('all', 1),
    );
  });

  it('counts nobody in two stages, and gives the one who can do both the stage that only they can do', () => {
    const stages = [stage('team', 1), stage('admin', 1, 'role:admin')];
    expect(fulfillable(asked(stages), { members: [member('ann', 4, 'admin')], groups: [] })).toEqual(no('admin', 1));
    const members = [member('ann', 4, 'admin'), member('bob')];
    expect(fulfillable(asked(stages), { members, groups: [] })).toEqual(YES);
    expect(fulfillable(asked(stages), { members: members.toReversed(), groups: [] })).toEqual(YES);
  });

  it('asks for two people from level 5 on, of level 4 at least', () => {
    const members = [member('ann', 4), member('bob', 4)];
    const one = asked([stage('all', 1)], 5);
    expect(fulfillable(one, { members: members.slice(1), groups: [] })).toEqual(no('all', 1));
    expect(fulfillable(one, { members, groups: [] })).toEqual(YES);
    expect(fulfillable(one, { members: [member('ann', 4), member('bob')], groups: [] })).toEqual(no('all', 1));
    expect(fulfillable(asked([stage('a', 1), stage('b', 1)], 5), { members, groups: [] })).toEqual(YES);
  });

  it('answers fast where many can do everything', () => {
    const members = Array.from({ length: 5_000 }, (_, i) => member(`member-${String(i)}`));
    const stages = Array.from({ length: 5 }, (_, i) => stage(`s${String(i)}`, 10));
    const before = performance.now();
    expect(fulfillable(asked(stages), { members, groups: [] })).toEqual(YES);
    expect(performance.now() - before).toBeLessThan(500);
  });

  it('agrees with trying everybody everywhere', () => {
    const roles = fc.subarray<Role>(['approver', 'admin', 'viewer']);
    const sub = fc.constantFrom('a', 'b', 'c', 'A', 'd');
    const members = fc.array(fc.record({ sub, roles, privilege_level: fc.constantFrom<PrivilegeLevel>(2, 3, 4) }), {
      maxLength: 5,
    });
    const groups = fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('g', 'h'),
        members: fc.subarray(['a', 'b', 'C', 'd']),
        roles: fc.subarray<Role>(['admin']),
        claims: fc.constantFrom<ApproverGroup['claims']>([], [], [{ claim: 'c', value: 'v' }]),
      }),
      { maxLength: 2, selector: ({ name }) => name },
    );
    const stages = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 2 }), fc.subarray(['g', 'h', 'role:approver', 'role:admin'])), {
        minLength: 1,
        maxLength: 3,
      })
      .map((all) => all.map(([n, refs], i) => stage(String(i), n, ...refs)));
    const level = fc.constantFrom<PrivilegeLevel>(1, 3, 5);
    const question = fc.tuple(stages, level, fc.subarray(['a', 'd']), members, groups);
    fc.assert(
      fc.property(question, ([all, need, excluded, who, of]) => {
        const found = fulfillable(asked(all, need, ...excluded), { members: who, groups: of });
        expect(found.fulfillable).toBe(byTrying(all, need, excluded, who, of));
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Every way in which people can be put to places, one after the other. */
function byTrying(
  stages: ApprovalStage[],
  need: PrivilegeLevel,
  excluded: string[],
  members: PossibleDecider[],
  groups: ApproverGroup[],
): boolean {
  const places = stages.flatMap(({ approvers, approvals_required }) =>
    Array.from({ length: approvals_required }, () => approvers),
  );
  if (need === 5 && places.length < 2) places.push(stages.at(-1)!.approvers);
  const may = (one: PossibleDecider, refs: string[]): boolean =>
    mayDecide(one, one.privilege_level, { requested_by: '-', edited_by: excluded, privilege_level: need }).allowed &&
    (refs.length === 0 ||
      refs.some((ref) => {
        const [of] = groups.filter(({ name }) => name === ref);
        return (
          one.roles.some((role) => ref === `role:${role}` || of?.roles.includes(role)) ||
          of?.members.some((name) => personOf(name) === personOf(one.sub)) ||
          (of?.claims.length ?? 0) > 0
        );
      }));
  const put = (at: number, taken: ReadonlySet<string>): boolean => {
    const refs = places[at];
    if (refs === undefined) return true;
    return members.some(
      (one) => !taken.has(personOf(one.sub)) && may(one, refs) && put(at + 1, new Set([...taken, personOf(one.sub)])),
    );
  };
  return put(0, new Set());
}
