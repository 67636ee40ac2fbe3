import type { WorkflowDefinition } from '@aumos/agf-domain/runtime';
import type { ExecutionStart } from '../common/index.js';
import type { SimulationScript } from './script.js';

/** The same script always gives the same simulation: its clock starts here unless it says otherwise. */
const STARTED_AT = '2026-01-01T00:00:00.000Z';

const SETTINGS = {
  approval_timeout_hours: 24,
  auto_reject_on_timeout: false,
  timeout_seconds: 3600,
  max_privilege_level: 5,
} as const;

/** Names stand for workflows: one is the same wherever it is called. */
export const simulatedWorkflowId = (name: string): string => `simulation:${name}`;

/** The start that a script describes, with the platform's defaults. */
export function executionStart(definition: WorkflowDefinition, script: SimulationScript): ExecutionStart {
  const { id, workflow, version, started_at } = script.execution ?? {};
  return {
    tenant_id: script.tenant_id ?? 'simulation',
    execution_id: id ?? 'simulation',
    workflow_id: simulatedWorkflowId(workflow ?? definition.name),
    workflow_name: workflow ?? definition.name,
    version: version ?? 1,
    initiator: script.initiator ?? 'simulation',
    definition,
    tools: script.tools,
    ...(script.agents === undefined ? {} : { agents: script.agents }),
    input: script.input ?? null,
    initiator_level: script.initiator_level ?? 5,
    initiator_roles: [],
    workflow_chain: [],
    started_at: started_at ?? STARTED_AT,
    settings: { ...SETTINGS, ...script.settings },
  };
}
