import { describe, expect, it } from '@jest/globals';
import {
  checkGatePolicy,
  compileSchema,
  defineWorkflow,
  definitionJsonSchema,
  END,
  type GateDefinition,
  type Json,
  parseDefinition,
  START,
} from '../src/index.js';
import { datasetPublish } from './definition-fixtures.js';

const WHOLE: Omit<GateDefinition, 'gate_name'> = {
  trigger_condition: 'privilege_level >= 3',
  approval_timeout_hours: 8,
  escalation_policy: 'raise',
  auto_reject_on_timeout: false,
  stages: [
    { name: 'team', approvers: ['data-team'], approvals_required: 2 },
    { name: 'admin', approvers: ['role:admin'] },
  ],
  separation_of_duties: ['publisher', 'earlier_decider'],
  allow_standing: false,
  reminder_hours: 1,
  escalation_hours: 4,
  escalated_approvals_required: 4,
  business_hours: {
    time_zone: 'Europe/Berlin',
    days: [1, 2, 3, 4, 5],
    from: '08:30',
    to: '24:00',
    holidays: ['2026-12-25'],
  },
};
const withGate = (gate: object): Record<string, Json> => ({
  ...(datasetPublish() as Record<string, Json>),
  hitl_gates: { publish: { gate_name: 'publish', ...gate } as unknown as Json },
});
const found = (gate: object) =>
  parseDefinition(withGate(gate)).findings.map(({ rule, pointer, severity }) => [rule, pointer, severity]);

describe('a gate', () => {
  it('takes every member, as the published JSON Schema does', () => {
    expect(found(WHOLE)).toEqual([]);
    expect(
      found({ approvers: ['data-team', 'role:approver'], approvals_required: 2, business_hours: 'tenant' }),
    ).toEqual([]);
    expect(found({ escalation_policy: 'reassign', escalate_to: ['role:admin'] })).toEqual([]);
    const schema = compileSchema(definitionJsonSchema);
    expect(schema.check(withGate(WHOLE))).toEqual([]);
    expect(schema.check(withGate({ approvals: 2 }))).not.toEqual([]);
    expect(schema.check(withGate({ separation_of_duties: ['author'] }))).not.toEqual([]);
    expect(schema.check(withGate({ stages: [] }))).not.toEqual([]);
  });

  it.each<[object, string, string]>([
    [{ approvers: [] }, 'OUT_OF_RANGE', '/approvers'],
    [{ approvers: ['a', 'a'] }, 'INVALID_VALUE', '/approvers'],
    [{ approvers: ['role:boss'] }, 'INVALID_VALUE', '/approvers/0'],
    [{ approvers: 'a' }, 'WRONG_TYPE', '/approvers'],
    [{ stages: [{ approvers: ['a'] }] }, 'MISSING_MEMBER', '/stages/0/name'],
    [{ stages: [{ name: 'a' }, { name: 'a' }] }, 'INVALID_VALUE', '/stages'],
    [{ stages: [{ name: 'a', who: ['b'] }] }, 'UNKNOWN_MEMBER', '/stages/0/who'],
    [{ stages: [{ name: 'a' }], approvals_required: 1 }, 'GATE_FORM', '/approvals_required'],
    [{ stages: [{ name: 'a' }], approvers: ['a'] }, 'GATE_FORM', '/approvers'],
    [{ separation_of_duties: ['author'] }, 'INVALID_VALUE', '/separation_of_duties/0'],
    [{ allow_standing: 'no' }, 'WRONG_TYPE', '/allow_standing'],
    [{ reminder_hours: 0 }, 'OUT_OF_RANGE', '/reminder_hours'],
    [{ approval_timeout_hours: 2, escalation_hours: 2 }, 'GATE_FORM', '/escalation_hours'],
    [{ escalation_policy: 'reassign' }, 'GATE_FORM', '/escalation_policy'],
    [{ escalation_policy: 'raise' }, 'GATE_FORM', '/escalation_policy'],
    [{ escalate_to: ['a'] }, 'GATE_FORM', '/escalate_to'],
    [{ escalated_approvals_required: 2 }, 'GATE_FORM', '/escalated_approvals_required'],
    [
      { escalation_policy: 'raise', escalated_approvals_required: 2, stages: [{ name: 'a' }, { name: 'b' }] },
      'GATE_FORM',
      '/escalated_approvals_required',
    ],
    [{ business_hours: 'always' }, 'WRONG_TYPE', '/business_hours'],
    ...(
      [
        [{ time_zone: 'Mars/Base' }, 'time_zone', 'INVALID_VALUE'],
        [{ time_zone: '+01:00' }, 'time_zone', 'INVALID_VALUE'],
        [{ days: [0] }, 'days/0', 'OUT_OF_RANGE'],
        [{ days: [1, 1] }, 'days', 'INVALID_VALUE'],
        [{ from: '8:00' }, 'from', 'INVALID_VALUE'],
        [{ from: '17:00', to: '08:00' }, 'to', 'INVALID_VALUE'],
        [{ to: '25:00' }, 'to', 'INVALID_VALUE'],
        [{ holidays: ['2026-02-30'] }, 'holidays/0', 'INVALID_VALUE'],
      ] as const
    ).map(([wrong, at, rule]): [object, string, string] => [
      { business_hours: { time_zone: 'Europe/Berlin', days: [1], from: '08:00', to: '17:00', ...wrong } },
      rule,
      `/business_hours/${at}`,
    ]),
  ])('refuses %j: %s', (gate, rule, pointer) => {
    expect(found(gate)).toContainEqual([rule, `/hitl_gates/publish${pointer}`, 'error']);
    expect(parseDefinition(withGate(gate)).definition).toBeUndefined();
  });

  it('warns of an escalation policy that is not known', () => {
    expect(found({ escalation_policy: 'page_everybody' })).toEqual([
      ['UNKNOWN_ESCALATION', '/hitl_gates/publish/escalation_policy', 'warning'],
    ]);
  });

  it('is written in code', () => {
    const { trigger_condition: _text, ...gate } = WHOLE;
    const built = defineWorkflow('w')
      .gate('publish', { ...gate, trigger_condition: ($) => $.privilege_level.ge(3) })
      .node('ask', { type: 'gate', gate: 'publish' })
      .edge(START, 'ask')
      .edge('ask', END)
      .build();
    expect(built.hitl_gates?.['publish']).toEqual({ gate_name: 'publish', ...WHOLE });
    // @ts-expect-error: there is no such duty
    defineWorkflow('w').gate('g', { separation_of_duties: ['author'] });
  });
});

describe("a tenant's policy", () => {
  const fieldsOf = (policy: object): string[] => {
    const checked = checkGatePolicy({ name: 'p', condition: 'true', ...policy });
    return 'fields' in checked ? checked.fields.map(({ field }) => field) : [];
  };
  it('is taken with every member', () => {
    const policy = {
      name: 'payments',
      condition: "workflow == 'pay' && has(arguments.amount) && arguments.amount > 100",
      approvals_required: 3,
      stages: [{ name: 'risk', approvers: ['risk'] }],
      max_timeout_hours: 0.5,
      allow_standing: false,
    };
    expect(checkGatePolicy(policy)).toEqual({ policy });
  });
  it.each<[object, string]>([
    [{ name: 'a b' }, 'name'],
    [{ name: undefined }, 'name'],
    [{ condition: undefined }, 'condition'],
    [{ condition: '' }, 'condition'],
    [{ condition: 'tenant_id == "x"' }, 'condition'],
    [{ condition: '1 +' }, 'condition'],
    [{ condition: '1' }, 'condition'],
    [{ allow_standing: true }, 'allow_standing'],
    [{ approvals_required: 0 }, 'approvals_required'],
    [{ max_timeout_hours: -1 }, 'max_timeout_hours'],
    [{ approvers: ['a'], stages: [{ name: 'a' }] }, 'stages'],
    [{ approvers: ['role:root'] }, 'approvers.0'],
    [{ waive: true }, 'waive'],
  ])('is refused with %j: %s', (policy, field) => expect(fieldsOf(policy)).toEqual([field]));
  it.each([null, 1, 'x', [], [1]])('is refused as %j', (input) =>
    expect(checkGatePolicy(input)).toHaveProperty('fields'),
  );
});
