import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ApprovalRule,
  approvalRule,
  approvalTimes,
  decidersOf,
  evaluateGate,
  ExpressionCompileError,
  type GateDefinition,
  type GatePolicy,
  policiesBeyond,
  policyHash,
  type PrivilegeLevel,
} from '../src/runtime.js';

const GATE: GateDefinition = { gate_name: 'publish' };
const policy = (given: Partial<GatePolicy> = {}): GatePolicy => ({ name: 'p', condition: 'true', ...given });
const stagesOf = ({ stages }: ApprovalRule) =>
  stages.map(({ name, approvers, approvals_required }) => [name, approvers.join(), approvals_required]);
const PLATFORM = { approval_timeout_hours: 24, auto_reject_on_timeout: true };

describe('who must agree', () => {
  it('one of anybody, where the gate says nothing', () =>
    expect(approvalRule(GATE, 3)).toEqual({
      stages: [{ name: 'publish', approvers: [], approvals_required: 1 }],
      separation_of_duties: [],
      standing_allowed: true,
      policies: [],
    }));
  it('those of the gate, or of its stages in their order', () => {
    const one = approvalRule({ ...GATE, approvers: ['a', 'role:admin'], approvals_required: 2 }, 3);
    expect(stagesOf(one)).toEqual([['publish', 'a,role:admin', 2]]);
    const stages = [{ name: 'team', approvers: ['t'], approvals_required: 2 }, { name: 'last' }];
    const two = approvalRule({ ...GATE, stages, separation_of_duties: ['publisher'] }, 4);
    expect(stagesOf(two)).toEqual([
      ['team', 't', 2],
      ['last', '', 1],
    ]);
    expect(two.separation_of_duties).toEqual(['publisher']);
    expect(decidersOf(two)).toBe(3);
  });
  it('two different people over all stages at level 5', () => {
    expect(stagesOf(approvalRule(GATE, 5))).toEqual([['publish', '', 2]]);
    const apart = { ...GATE, stages: [{ name: 'a' }, { name: 'b' }] };
    expect(stagesOf(approvalRule(apart, 5))).toEqual([
      ['a', '', 1],
      ['b', '', 1],
    ]);
    expect(stagesOf(approvalRule({ ...GATE, stages: [{ name: 'a', approvers: ['x'] }] }, 5))).toEqual([['a', 'x', 2]]);
  });
  it('no standing approval from level 4 on, nor where gate or policy forbids it', () => {
    expect([1, 2, 3, 4, 5].map((need) => approvalRule(GATE, need as PrivilegeLevel).standing_allowed)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(approvalRule({ ...GATE, allow_standing: false }, 3).standing_allowed).toBe(false);
    expect(approvalRule(GATE, 3, [policy(), policy({ name: 'q', allow_standing: false })]).standing_allowed).toBe(
      false,
    );
  });
});

describe('what policies ask for comes on top', () => {
  const ruleOf = (gate: Partial<GateDefinition>, ...policies: Partial<GatePolicy>[]) =>
    stagesOf(approvalRule({ ...GATE, ...gate }, 3, policies.map(policy)));

  it('more deciders', () => {
    expect(ruleOf({}, { approvals_required: 3 })).toEqual([['publish', '', 3]]);
    expect(ruleOf({ approvals_required: 4 }, { approvals_required: 3 })).toEqual([['publish', '', 4]]);
    expect(ruleOf({ stages: [{ name: 'a' }, { name: 'b' }] }, { approvals_required: 3 })).toEqual([
      ['a', '', 1],
      ['b', '', 2],
    ]);
  });
  it('approvers in place of anybody, or besides others', () => {
    expect(ruleOf({ approvals_required: 2 }, { approvers: ['risk'] })).toEqual([['publish', 'risk', 2]]);
    expect(ruleOf({ approvers: ['team'] }, { approvers: ['risk'] })).toEqual([
      ['publish', 'team', 1],
      ['p', 'risk', 1],
    ]);
    expect(ruleOf({ approvers: ['a', 'b'] }, { approvers: ['b', 'a'], approvals_required: 2 })).toEqual([
      ['publish', 'a,b', 2],
    ]);
  });
  it('stages after those of the gate', () =>
    expect(
      ruleOf(
        { approvers: ['team'] },
        {
          stages: [
            { name: 'risk', approvers: ['risk'] },
            { name: 'admin', approvers: ['role:admin'] },
          ],
        },
      ),
    ).toEqual([
      ['publish', 'team', 1],
      ['risk', 'risk', 1],
      ['admin', 'role:admin', 1],
    ]));
  it('and never fewer of those whom the gate asks, at level 5 as well', () =>
    expect(stagesOf(approvalRule({ ...GATE, approvers: ['a'] }, 5, [policy({ stages: [{ name: 'any' }] })]))).toEqual([
      ['publish', 'a', 2],
      ['any', '', 1],
    ]));
  it('and names them', () =>
    expect(approvalRule(GATE, 3, [policy(), policy({ name: 'q' })]).policies).toEqual(['p', 'q']));

  it('never asks for less than without them, for any gates and policies', () => {
    const approvers = fc.option(fc.uniqueArray(fc.constantFrom('a', 'b', 'role:admin'), { minLength: 1 }), {
      nil: undefined,
    });
    const approvals_required = fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined });
    const stage = fc.record({ name: fc.constantFrom('s', 't'), approvers, approvals_required });
    const stages = fc.option(fc.array(stage, { minLength: 1, maxLength: 3 }), { nil: undefined });
    const hours = fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined });
    const gates = fc.record({
      gate_name: fc.constant('g'),
      approvers,
      approvals_required,
      stages,
      approval_timeout_hours: hours,
    });
    const allow_standing = fc.constantFrom<false | undefined>(false, undefined);
    const policies = fc.array(
      fc.record({
        name: fc.string(),
        condition: fc.constant('true'),
        ...{ approvers, approvals_required, stages, max_timeout_hours: hours, allow_standing },
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(gates, fc.constantFrom<PrivilegeLevel>(1, 3, 5), policies, (gate, need, asked) => {
        const before = approvalRule(gate, need);
        const after = approvalRule(gate, need, asked);
        // Whoever fulfils the new rule has fulfilled the old one: each of its stages is there, as strict or stricter.
        expect(after.stages.length).toBeGreaterThanOrEqual(before.stages.length);
        for (const [at, one] of before.stages.entries()) {
          const now = after.stages[at]!;
          expect(now.approvals_required).toBeGreaterThanOrEqual(one.approvals_required);
          if (one.approvers.length > 0) expect(now.approvers).toEqual(one.approvers);
        }
        for (const each of asked) expect(decidersOf(after)).toBeGreaterThanOrEqual(each.approvals_required ?? 1);
        if (!before.standing_allowed) expect(after.standing_allowed).toBe(false);
        const [then, now] = [approvalTimes(gate, [], PLATFORM), approvalTimes(gate, asked, PLATFORM)];
        expect(now.timeout_hours).toBeLessThanOrEqual(then.timeout_hours);
        for (const each of asked) expect(now.timeout_hours).toBeLessThanOrEqual(each.max_timeout_hours ?? Infinity);
      }),
    );
  });
});

describe('when what happens to it', () => {
  it('as the platform has it, where the gate says nothing', () =>
    expect(approvalTimes(GATE, [], PLATFORM)).toEqual({
      timeout_hours: 24,
      auto_reject: true,
      escalation_policy: 'notify_admin',
    }));
  it('as the gate has it', () => {
    const times = {
      reminder_hours: 1,
      escalation_hours: 4,
      escalate_to: ['role:admin'],
      escalated_approvals_required: 3,
      business_hours: 'tenant' as const,
    };
    expect(
      approvalTimes(
        { ...GATE, ...times, approval_timeout_hours: 8, auto_reject_on_timeout: false, escalation_policy: 'reassign' },
        [],
        PLATFORM,
      ),
    ).toEqual({ ...times, timeout_hours: 8, auto_reject: false, escalation_policy: 'reassign' });
  });
  it('an unknown policy of escalation tells the admins', () => {
    for (const escalation_policy of ['none', '', 'toString', 'page_everybody'])
      expect(approvalTimes({ ...GATE, escalation_policy }, [], PLATFORM).escalation_policy).toBe('notify_admin');
  });
  it('a policy gives it less time, and then no escalation comes after it', () => {
    const gate = { ...GATE, approval_timeout_hours: 8, escalation_hours: 4 };
    expect(approvalTimes(gate, [policy({ max_timeout_hours: 6 })], PLATFORM)).toMatchObject({
      timeout_hours: 6,
      escalation_hours: 4,
    });
    const short = approvalTimes(gate, [policy({ max_timeout_hours: 6 }), policy({ max_timeout_hours: 3 })], PLATFORM);
    expect(short.timeout_hours).toBe(3);
    expect(short).not.toHaveProperty('escalation_hours');
    expect(approvalTimes(gate, [policy({ max_timeout_hours: 100 })], PLATFORM).timeout_hours).toBe(8);
  });
});

describe('which calls a policy holds', () => {
  const ask = (condition: string, scope: Record<string, unknown> = {}, need: PrivilegeLevel = 1) =>
    evaluateGate({
      gate: { ...GATE, trigger_condition: 'false' },
      explicit: false,
      need,
      policies: [policy({ condition, approvals_required: 2 })],
      scope: scope as never,
    });

  it('those for which its condition holds, whatever the gate and the level say', () => {
    const scope = { tool: 'pay', workflow: 'w', arguments: { amount: 5 }, node: 'n' };
    for (const condition of [
      'true',
      "tool == 'pay'",
      "workflow == 'w' && arguments.amount > 4",
      'privilege_level == 1',
    ])
      expect(ask(condition, scope)).toMatchObject({ required: true, approvals_required: 2, rule: { policies: ['p'] } });
    for (const condition of ['false', "tool == 'x'", "workflow == 'v'", 'arguments.amount > 5', 'privilege_level > 1'])
      expect(ask(condition, scope)).toMatchObject({ required: false, policies: [], rule: { policies: [] } });
  });
  it('one that fails holds the call: an error is no way past', () => {
    expect(ask('arguments.amount > 4', { arguments: {} }).required).toBe(true);
    expect(ask('has(arguments.amount) && arguments.amount > 4', { arguments: {} }).required).toBe(false);
    expect(() => ask('nothing > 4')).toThrow(ExpressionCompileError);
  });
  it('one that says something else is another one', () => {
    const [before, after] = [policy({ approvals_required: 2 }), policy({ approvals_required: 3 })];
    const asked = [policyHash(before)];
    expect(policiesBeyond([before], asked)).toEqual([]);
    expect(policiesBeyond([after], asked)).toEqual([after]);
    expect(policiesBeyond([], asked)).toEqual([]);
    expect(policiesBeyond([before], undefined)).toEqual([before]);
  });
  it('takes microseconds, also with many of them', () => {
    const policies = Array.from({ length: 20 }, (_, i) =>
      policy({ name: `p${String(i)}`, condition: `workflow == 'w${String(i)}' && tool == 'pay'`, approvers: ['a'] }),
    );
    const question = { gate: GATE, explicit: true, need: 3 as const, policies, scope: { tool: 'pay', workflow: 'w7' } };
    const times = Array.from({ length: 5_000 }, () => {
      const started = performance.now();
      evaluateGate(question);
      return performance.now() - started;
    }).sort((a, b) => a - b);
    expect(times[2_500]).toBeLessThan(0.2);
  });
});
