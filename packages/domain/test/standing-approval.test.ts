import { describe, expect, it } from '@jest/globals';
import {
  type ApprovalRule,
  mayStand,
  type StandingQuestion,
  standingConditionProblem,
  standsFor,
} from '../src/index.js';

const rule = (over: Partial<ApprovalRule> = {}): ApprovalRule => ({
  stages: [{ name: 's', approvers: [], approvals_required: 1 }],
  separation_of_duties: [],
  standing_allowed: true,
  policies: [],
  ...over,
});
const call = (over: Partial<StandingQuestion> = {}): StandingQuestion => ({
  tool: 'table_load',
  workflow: 'flow',
  node: 'load',
  arguments: { table: 'cars', rows: 5 },
  privilege_level: 3,
  approvals_required: 1,
  rule: rule(),
  edited: false,
  ...over,
});
const standing = { tool: 'table_load', condition: `arguments.table == 'cars'`, privilege_level: 3 as const };

describe('a standing approval', () => {
  it('may decide on a call of level 3 that one person decides on', () => expect(mayStand(call())).toBe(true));
  it.each<[string, Partial<StandingQuestion>]>([
    ['of level 4', { privilege_level: 4 }],
    ['of level 5', { privilege_level: 5 }],
    ['that gate or policy forbids', { rule: rule({ standing_allowed: false }) }],
    ['without a rule', { rule: null }],
    ['that was edited', { edited: true }],
    ['of no tool', { tool: null }],
    ['that two decide on', { approvals_required: 2 }],
    ['with a stage of two', { rule: rule({ stages: [{ name: 's', approvers: [], approvals_required: 2 }] }) }],
    ['with two stages', { rule: rule({ stages: [rule().stages[0]!, rule().stages[0]!] }) }],
  ])('never on one %s', (_, over) => expect(mayStand(call(over))).toBe(false));

  it('means its tool, its workflow, its level and what its condition says', () => {
    expect(standsFor(standing, call())).toBe(true);
    expect(standsFor({ ...standing, workflow: 'flow' }, call())).toBe(true);
    expect(standsFor({ ...standing, condition: `node == 'load' && workflow == 'flow'` }, call())).toBe(true);
    expect(standsFor(standing, call({ tool: 'other' }))).toBe(false);
    expect(standsFor({ ...standing, workflow: 'other' }, call())).toBe(false);
    expect(standsFor({ ...standing, workflow: 'flow' }, call({ workflow: null }))).toBe(false);
    expect(standsFor({ ...standing, privilege_level: 2 }, call())).toBe(false);
    expect(standsFor(standing, call({ arguments: { table: 'boats' } }))).toBe(false);
  });
  it.each(['arguments.none', 'arguments.rows > "5"', '1 / 0 == 1'])('holds for nothing where %s fails', (condition) =>
    expect(standsFor({ ...standing, condition }, call())).toBe(false),
  );
  it('says what is wrong with a condition', () => {
    expect(standingConditionProblem('arguments.rows < 10')).toBeNull();
    for (const wrong of ['arguments.', '1 + 1', 'state.x', '']) expect(standingConditionProblem(wrong)).not.toBeNull();
  });
});
