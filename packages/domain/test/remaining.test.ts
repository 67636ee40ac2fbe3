import { describe, expect, it } from '@jest/globals';
import { couldDecide, fulfillable, type PartlyDecided, type PossibleDecider, remaining } from '../src/index.js';

const approver = (sub: string): PossibleDecider => ({ sub, roles: ['approver'], privilege_level: 4 });
const of = (...stages: [number, ...string[]][]) => ({
  stages: stages.map(([approvals_required, ...approvers], at) => ({ name: String(at), approvers, approvals_required })),
  ...{ separation_of_duties: [], standing_allowed: true, policies: [] },
});
const asked = (over: Partial<PartlyDecided> = {}): PartlyDecided => ({
  ...{ requested_by: 'starter', privilege_level: 5, approvals_required: 2, votes: [] },
  ...over,
});
const groups = [{ name: 'risk', members: ['rita'], roles: [], claims: [] }];
const judged = (approval: PartlyDecided, ...subs: string[]) => {
  const one = remaining(approval);
  const members = couldDecide(one, { members: subs.map(approver), groups, complete: true });
  return fulfillable(one, { members, groups }).fulfillable;
};
const vote = (actor: string, stage = 0) => ({ actor, stage });

describe('what a pending approval still asks for', () => {
  it.each<[string, boolean, PartlyDecided, string[]]>([
    ['as many as it asked for', false, asked(), ['ann']],
    ['and no more', true, asked(), ['ann', 'bob']],
    ['less the votes', true, asked({ votes: [vote('gone')] }), ['ann']],
    ['of another than who voted', false, asked({ votes: [vote('Ann')] }), ['ann']],
    ['of another than who asked', false, asked({ votes: [vote('x')] }), ['starter']],
    [
      'only of the stages that are left',
      true,
      asked({ rule: of([1, 'risk'], [1]), stage: 1, votes: [vote('rita')] }),
      ['ann'],
    ],
    ['of the stage that is asked', false, asked({ rule: of([1, 'risk'], [1]) }), ['ann', 'bob']],
    [
      'or of whom it was left to',
      true,
      asked({ rule: of([1, 'risk'], [1]), delegations: [{ from: 'rita', to: 'dan' }] }),
      ['dan', 'ann'],
    ],
    [
      'who left it does not count there',
      false,
      asked({ rule: of([2]), delegations: [{ from: 'ann', to: 'bob' }] }),
      ['ann', 'bob'],
    ],
    [
      'but in a later stage',
      true,
      asked({ rule: of([1], [1]), delegations: [{ from: 'ann', to: 'bob' }] }),
      ['ann', 'bob'],
    ],
    [
      'a delegation of an earlier stage is over',
      false,
      asked({
        rule: of([1], [1, 'risk']),
        stage: 1,
        votes: [vote('x')],
        delegations: [{ from: 'rita', to: 'dan', stage: 0 }],
      }),
      ['dan'],
    ],
    [
      'escalated, of others too',
      true,
      asked({ approvals_required: 1, rule: of([1, 'risk']), extra_approvers: ['role:approver'] }),
      ['ann'],
    ],
    [
      'raised beyond its stages, of the last one',
      false,
      asked({ approvals_required: 3, rule: of([1], [1]) }),
      ['ann', 'bob'],
    ],
  ])('%s', (_, expected, approval, subs) => {
    expect(judged(approval, ...subs)).toBe(expected);
  });

  it('may be given by strangers where the members are not all, but not in the place of named ones', () => {
    const could = (approval: PartlyDecided, members: string[]) => {
      const one = remaining(approval);
      const people = couldDecide(one, { members: [], groups: [{ ...groups[0]!, members }], complete: false });
      return fulfillable(one, { members: people, groups: [{ ...groups[0]!, members }] }).fulfillable;
    };
    expect(could(asked(), [])).toBe(true);
    expect(could(asked({ rule: of([1, 'role:admin']) }), [])).toBe(true);
    expect(could(asked({ approvals_required: 1, rule: of([1, 'risk']) }), ['rita'])).toBe(true);
    expect(could(asked({ approvals_required: 1, rule: of([1, 'risk']) }), [])).toBe(false);
    expect(could(asked({ approvals_required: 1, rule: of([1, 'risk']) }), ['starter'])).toBe(false);
  });
});
