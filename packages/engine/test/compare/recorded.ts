import type { WorkflowDefinition } from '@aumos/agf-domain';
import type { RecordedApproval, RecordedExecution, RecordedSignal } from '../../src/compare/index.js';
import type { Simulation, SimulationScript } from '../../src/simulate/index.js';

/** A simulation as if it had been an execution: what its rows would tell. */
export function recordedOf(
  definition: WorkflowDefinition,
  script: SimulationScript,
  { status, output, error, visits }: Simulation,
): RecordedExecution {
  const { id = 'execution', version = 1, started_at = '2026-01-01T00:00:00.000Z' } = script.execution ?? {};
  return {
    tenant_id: script.tenant_id ?? 'tenant',
    execution_id: id,
    workflow_name: script.execution?.workflow ?? definition.name,
    version,
    initiator: 'starter',
    initiator_level: script.initiator_level ?? 5,
    started_at,
    input: script.input ?? null,
    ...{ status, output, error },
    visits: visits.map(({ approvals: _, attempts: __, child: ___, ...visit }) => visit),
    approvals: visits.flatMap(({ node, visit, approvals, output: result, type }) =>
      approvals.map((approval, i): RecordedApproval => ({
        approval_id: idOf(type, result) ?? `approval-${node}-${String(visit)}-${String(i)}`,
        ...{ node, visit },
        gate_name: approval.gate_name,
        privilege_level: approval.privilege_level,
        approvals_required: approval.approvals_required,
        tool: approval.tool,
        arguments: approval.arguments,
        status: approval.decision,
        decided_by: approval.decided_by,
        decided_at: timeOf(type, result),
        notes: null,
      })),
    ),
    signals: (script.signals ?? []).map(({ name, payload = null, after_ms = 0 }): RecordedSignal => ({
      name,
      payload,
      after_ms,
    })),
  };
}

const member = (result: unknown, name: string): string | undefined => (result as Record<string, string> | null)?.[name];
const idOf = (type: string, result: unknown) => (type === 'gate' ? member(result, 'approval_id') : undefined);
const timeOf = (type: string, result: unknown) => (type === 'gate' ? (member(result, 'decided_at') ?? null) : null);
