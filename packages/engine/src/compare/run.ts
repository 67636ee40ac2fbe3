import type { ExecutionError, Json, PrivilegeLevel, VisitStatus, WorkflowDefinition } from '@aumos/agf-domain/runtime';
import type { SimulatedVisit, Simulation } from '../simulate/index.js';
import { calledBy, type Called } from './called.js';
import type { RecordedExecution } from './recorded-execution.js';

/** What somebody was asked for. */
export interface RunApproval {
  gate_name: string;
  privilege_level: PrivilegeLevel;
  approvals_required: number;
  tool: string | null;
  arguments: Json;
  decision: string;
}

export interface RunVisit {
  node: string;
  visit: number;
  step: number;
  item: number | null;
  status: VisitStatus;
  error: ExecutionError | null;
  /** null: its node calls nothing, or the visit ended before its call was made */
  call: (Called & { arguments: Json }) | null;
  approvals: RunApproval[];
}

/** One execution, recorded or simulated, as far as two of them are compared. */
export interface Run {
  status: 'completed' | 'failed';
  output: Json;
  error: ExecutionError | null;
  /** in the order of step, node, visit */
  visits: RunVisit[];
}

/** Errors of a visit that never came to its call. */
const BEFORE_THE_CALL: ReadonlySet<string> = new Set(['APPROVAL_REJECTED', 'APPROVAL_EXPIRED', 'EXPRESSION_ERROR']);

const callOf = (
  definition: WorkflowDefinition,
  visit: Pick<SimulatedVisit, 'node' | 'input' | 'error'>,
): RunVisit['call'] => {
  const called = calledBy(definition, visit);
  if (!called || BEFORE_THE_CALL.has(visit.error?.code ?? '')) return null;
  return { ...called, arguments: visit.input };
};

/** @param definition the version that it ran on */
export function recordedRun(recorded: RecordedExecution, definition: WorkflowDefinition): Run {
  const { status, output, error, visits, approvals } = recorded;
  return {
    status,
    output,
    error,
    visits: inOrder(
      visits.map((visit) => ({
        ...siteOf(visit),
        call: callOf(definition, visit),
        approvals: approvals
          .filter(({ node, visit: nth }) => node === visit.node && nth === visit.visit)
          .map(({ status: decision, ...approval }) => ({ ...askedFor(approval), decision })),
      })),
    ),
  };
}

export function simulatedRun({ status, output, error, visits }: Simulation, definition: WorkflowDefinition): Run {
  return {
    status,
    output,
    error,
    visits: inOrder(
      visits.map((visit) => ({
        ...siteOf(visit),
        call: callOf(definition, visit),
        approvals: visit.approvals.map((approval) => ({ ...askedFor(approval), decision: approval.decision })),
      })),
    ),
  };
}

const siteOf = ({ node, visit, step, item, status, error }: Omit<RunVisit, 'call' | 'approvals'>) => ({
  ...{ node, visit, step, item, status, error },
});

const askedFor = (approval: Omit<RunApproval, 'decision'>): Omit<RunApproval, 'decision'> => {
  const { gate_name, privilege_level, approvals_required, tool, arguments: args } = approval;
  return { gate_name, privilege_level, approvals_required, tool, arguments: args };
};

const inOrder = (visits: RunVisit[]): RunVisit[] =>
  visits.sort((a, b) => a.step - b.step || compare(a.node, b.node) || a.visit - b.visit);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
