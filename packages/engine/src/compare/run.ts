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
export const recordedRun = (recorded: RecordedExecution, definition: WorkflowDefinition): Run =>
  runOf(recorded, definition, ({ node, visit }) =>
    recorded.approvals
      .filter((approval) => approval.node === node && approval.visit === visit)
      .map(({ status, ...approval }) => ({ ...approval, decision: status })),
  );

export const simulatedRun = (simulation: Simulation, definition: WorkflowDefinition): Run =>
  runOf(simulation, definition, ({ approvals }) => approvals);

type Told = Pick<SimulatedVisit, 'node' | 'visit' | 'step' | 'item' | 'status' | 'input' | 'error'>;

function runOf<V extends Told>(
  { status, output, error, visits }: Omit<Run, 'visits'> & { visits: readonly V[] },
  definition: WorkflowDefinition,
  approvalsOf: (visit: V) => RunApproval[],
): Run {
  const told = visits.map((visit) => ({
    ...siteOf(visit),
    call: callOf(definition, visit),
    approvals: approvalsOf(visit).map(askedFor),
  }));
  return { status, output, error, visits: inOrder(told) };
}

const siteOf = ({ node, visit, step, item, status, error }: Omit<RunVisit, 'call' | 'approvals'>) => ({
  ...{ node, visit, step, item, status, error },
});

/** Without what else its row or its simulation has. */
const askedFor = ({
  gate_name,
  privilege_level,
  approvals_required,
  tool,
  arguments: args,
  decision,
}: RunApproval) => ({
  ...{ gate_name, privilege_level, approvals_required, tool, arguments: args, decision },
});

const inOrder = (visits: RunVisit[]): RunVisit[] =>
  visits.sort((a, b) => a.step - b.step || compare(a.node, b.node) || a.visit - b.visit);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
