import type { MessageKind } from '@aumos/agf-domain';

export interface Words {
  subject: string;
  body: string;
}

const WHAT = `{{action_description}}

{{#workflow_name}}Workflow: {{workflow_name}}
{{/workflow_name}}Step: {{node}}
{{#tool}}Tool: {{tool}}
{{/tool}}Level: {{privilege_level}}
Asked for by: {{requested_by}}
`;
const WHERE = `{{#link}}
Decide here, signed in:
{{link}}
{{/link}}`;
const OPEN = `${WHAT}Open until: {{expires_at}}\n${WHERE}`;

/** The platform's own words, for whatever a tenant has none for. */
export const DEFAULT_WORDS: Record<MessageKind, Words> = {
  requested: { subject: 'Approval asked for: {{action_description}}', body: OPEN },
  reminder: { subject: 'Still to be decided: {{action_description}}', body: OPEN },
  escalated: { subject: 'Not decided in time: {{action_description}}', body: OPEN },
  stage_reached: { subject: 'Next to decide: {{action_description}}', body: OPEN },
  delegated: { subject: 'Handed on to {{to_subs}}: {{action_description}}', body: OPEN },
  unfulfillable: {
    subject: 'Nobody can decide: {{action_description}}',
    body: `${WHAT}With the people there are, this approval can never be given.\n`,
  },
  decided: {
    subject: '{{status}}: {{action_description}}',
    body: `${WHAT}Decided by: {{decided_by}}\n{{#decision_notes}}Notes: {{decision_notes}}\n{{/decision_notes}}`,
  },
  expired: { subject: 'Expired: {{action_description}}', body: `${WHAT}Nobody decided in time.\n` },
  test: { subject: 'A test of a channel', body: '{{action_description}}\n' },
};
