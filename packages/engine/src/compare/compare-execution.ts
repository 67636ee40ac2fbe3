import type { AgentSpec, ToolSpec, WorkflowDefinition } from '@aumos/agf-domain/runtime';
import type { Simulation, SimulationScript, UnsentSignal } from '../simulate/index.js';
import { compareRuns, type RunDifferences } from './compare-runs.js';
import { isOfDefinition, type RecordedExecution } from './recorded-execution.js';
import { recordedScript } from './recorded-script.js';
import { recordedRun, simulatedRun } from './run.js';

export interface ExecutionComparison extends RunDifferences {
  execution_id: string;
  version: number;
  /** signals that the new version waits for and nobody sent: taken as sent, with null */
  missing_signals: UnsentSignal[];
}

/** A dry run: `simulate` itself, or the same in a thread. */
export type Simulates = (definition: WorkflowDefinition, script: SimulationScript) => Promise<Simulation>;

/** After so many the new version waits for ever. */
const MOST_MISSING = 100;

/**
 * What an execution that ended would have been on another version, with the same input and the same answers of tools,
 * handlers, people, children and senders of signals. Nothing is called and nothing is written.
 * @throws what `simulate` throws
 */
export async function compareExecution(
  all: RecordedExecution,
  {
    recordedOn,
    on,
    tools,
  }: { recordedOn: WorkflowDefinition; on: WorkflowDefinition; tools: Record<string, ToolSpec> },
  simulate: Simulates,
): Promise<ExecutionComparison> {
  const { visits, approvals, execution_id, version } = all;
  const recorded = { ...all, visits: visits.filter(isOfDefinition), approvals: approvals.filter(isOfDefinition) };
  const script = forEvery(recordedScript(recorded, recordedOn, tools), on);
  const simulation = await simulate(on, { ...script, unsent_signals: MOST_MISSING });
  const simulated = { ...simulation, visits: simulation.visits.filter(isOfDefinition) };
  const differences = compareRuns(recordedRun(recorded, recordedOn), simulatedRun(simulated, on));
  const missing_signals = simulation.unsent_signals ?? [];
  const same = differences.same && missing_signals.length === 0;
  return { execution_id, version, ...differences, same, missing_signals };
}

/** A workflow or an agent that only the new version calls was not recorded either. */
function forEvery(script: SimulationScript, { nodes, name: own }: WorkflowDefinition): SimulationScript {
  const workflows = { ...script.workflows };
  const agents = { ...script.agents };
  const [unrecorded] = (script.calls ?? []).slice(-1);
  for (const node of nodes) {
    if (node.type === 'workflow' && unrecorded && typeof unrecorded.reply === 'object')
      workflows[node.workflow] ??= { answers: [{ reply: unrecorded.reply }] };
    if (node.type === 'agent') agents[node.agent] ??= standIn(node.agent);
  }
  const execution = { ...script.execution, workflow: script.execution?.workflow ?? own };
  return { ...script, workflows, agents, execution };
}

/** It says what was recorded, in one turn: what it is told, and may call, does not matter. */
const standIn = (name: string): AgentSpec => ({
  ...{ id: name, name, version: 1, instructions: '', model: null, privilege_level: 1, tools: [], limits: {} },
});
