import { describe, expect, it } from '@jest/globals';
import {
  evaluateGate,
  ExpressionCompileError,
  ExpressionError,
  type GateDefinition,
  type PrivilegeLevel,
  resolveGate,
  type WorkflowDefinition,
} from '../src/runtime.js';

const gate = (trigger_condition?: string, approvals_required?: number): GateDefinition => ({
  gate_name: 'g',
  trigger_condition,
  approvals_required,
});
const ask = (need: PrivilegeLevel, explicit: boolean, condition?: string, always = false, wanted?: number) =>
  evaluateGate({ gate: gate(condition, wanted), explicit, always, need, scope: { state: { n: 1 } } });

describe('gates by level', () => {
  it.each<[PrivilegeLevel, boolean, string, boolean]>([
    [1, false, 'true', false],
    [2, false, 'true', false],
    [1, true, 'true', true],
    [1, true, 'false', false],
    [2, true, 'true', true],
    [2, true, 'false', false],
    [3, false, 'true', true],
    [3, false, 'false', false],
    [3, true, 'true', true],
    [3, true, 'false', false],
    [4, false, 'false', true],
    [4, true, 'false', true],
    [5, false, 'false', true],
    [5, true, 'false', true],
  ])('level %i, named by the node %j, condition %s: %j', (need, explicit, condition, required) =>
    expect(ask(need, explicit, condition).required).toBe(required),
  );
  it('without a condition the level decides', () => {
    expect([1, 2, 3, 4, 5].map((need) => ask(need as PrivilegeLevel, true).required)).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });
  it('a gate node, or a policy that forces it, waits whatever the level and the condition', () => {
    for (const need of [1, 2, 3, 4, 5] as const) expect(ask(need, false, 'false', true).required).toBe(true);
  });
  it('level 5 needs two people, and no gate asks for fewer than one', () => {
    expect(ask(5, false).approvals_required).toBe(2);
    expect(ask(5, true, 'false', false, 1).approvals_required).toBe(2);
    expect(ask(5, false, undefined, false, 3).approvals_required).toBe(3);
    expect(ask(4, false).approvals_required).toBe(1);
    expect(ask(3, false, undefined, false, 2).approvals_required).toBe(2);
    expect(ask(3, false, undefined, false, 0).approvals_required).toBe(1);
  });
  it('no condition that fails waives the approval of level 4 and 5', () => {
    for (const need of [4, 5] as const) expect(ask(need, true, 'state.nothing > 1').required).toBe(true);
  });
});

describe('the condition', () => {
  it('sees the call', () => {
    const condition =
      "privilege_level == 3 && tool == 'table_load' && arguments.table == 'cars' && node == 'load' && agent == null && state.n == 1 && input.x == 2";
    const scope = { tool: 'table_load', arguments: { table: 'cars' }, node: 'load', state: { n: 1 }, input: { x: 2 } };
    expect(evaluateGate({ gate: gate(condition), explicit: true, need: 3, scope }).required).toBe(true);
    expect(
      evaluateGate({ gate: gate(condition), explicit: true, need: 3, scope: { ...scope, node: 'other' } }).required,
    ).toBe(false);
  });
  it('the level is the need of the call: the scope cannot lower it', () =>
    expect(
      evaluateGate({ gate: gate('privilege_level >= 3'), explicit: false, need: 3, scope: { privilege_level: 1 } })
        .required,
    ).toBe(true));
  it('an error is an error, never an open gate', () => {
    expect(() => ask(3, false, 'state.nothing > 1')).toThrow(ExpressionError);
    expect(() => ask(3, false, 'state.n')).toThrow(ExpressionError);
    expect(() => ask(3, false, '1 + 1')).toThrow(ExpressionCompileError);
    expect(() => ask(3, false, 'execution.id == tenant_id')).toThrow(ExpressionCompileError);
  });
  it('takes microseconds', () => {
    const question = {
      gate: gate("privilege_level >= 3 && arguments.table.startsWith('c') && state.profile.rows > 0"),
      explicit: true,
      need: 3 as const,
      scope: { state: { profile: { rows: 406 } }, arguments: { table: 'cars' } },
    };
    const times = Array.from({ length: 5_000 }, () => {
      const started = performance.now();
      evaluateGate(question);
      return performance.now() - started;
    }).sort((a, b) => a - b);
    // The goal is 50 us at p99, measured by the benchmark; a busy machine gets room here.
    expect(times[2_500]).toBeLessThan(0.05);
  });
});

describe('which gate', () => {
  const definition = (hitl_gates?: Record<string, GateDefinition>): WorkflowDefinition => ({
    schema: 'agf/workflow/v1',
    name: 'w',
    nodes: [],
    edges: [],
    hitl_gates,
  });
  const [own, common] = [gate('true'), gate('false')];
  it("the node's, then the workflow's default, then the platform's", () => {
    expect(resolveGate(definition({ publish: own, default: common }), 'publish')).toEqual({
      name: 'publish',
      definition: own,
      explicit: true,
    });
    expect(resolveGate(definition({ publish: own, default: common }), undefined)).toEqual({
      name: 'default',
      definition: common,
      explicit: false,
    });
    expect(resolveGate(definition({ publish: own }), undefined)).toEqual({
      name: 'platform',
      definition: { gate_name: 'platform', trigger_condition: 'privilege_level >= 3' },
      explicit: false,
    });
    expect(resolveGate(definition({ default: common }), 'default').explicit).toBe(true);
  });
  it('a name without a definition is no open gate', () => {
    for (const name of ['other', 'toString', '__proto__'])
      expect(() => resolveGate(definition({ publish: own }), name)).toThrow(/defines no gate/);
    expect(() => resolveGate(definition(), 'publish')).toThrow(/defines no gate/);
  });
});
