import type { ToolSpec, WorkflowDefinition } from '@aumos/agf-domain/runtime';
import { SimulationError, type Simulation, type SimulationScript } from '../simulate/index.js';
import { compareRuns, type RunDifferences } from './compare-runs.js';
import type { RecordedExecution } from './recorded-execution.js';
import { recordedScript } from './recorded-script.js';
import { recordedRun, simulatedRun } from './run.js';

export interface ExecutionComparison extends RunDifferences {
  execution_id: string;
  version: number;
  /** signals that the new version waits for and nobody sent: taken as sent, with null */
  missing_signals: { node: string; visit: number; name: string }[];
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
  recorded: RecordedExecution,
  {
    recordedOn,
    on,
    tools,
  }: { recordedOn: WorkflowDefinition; on: WorkflowDefinition; tools: Record<string, ToolSpec> },
  simulate: Simulates,
): Promise<ExecutionComparison> {
  const script = forEvery(recordedScript(recorded, recordedOn, tools), on);
  const missing: ExecutionComparison['missing_signals'] = [];
  for (;;) {
    try {
      const simulation = await simulate(on, script);
      const differences = compareRuns(recordedRun(recorded, recordedOn), simulatedRun(simulation, on));
      const same = differences.same && missing.length === 0;
      const { execution_id, version } = recorded;
      return { execution_id, version, ...differences, same, missing_signals: missing };
    } catch (error) {
      if (!goesOn(error, on, script, missing)) throw error;
    }
  }
}

/** A workflow that only the new version calls was not recorded either. */
function forEvery(script: SimulationScript, { nodes, name: own }: WorkflowDefinition): SimulationScript {
  const workflows = { ...script.workflows };
  const [unrecorded] = (script.calls ?? []).slice(-1);
  for (const node of nodes)
    if (node.type === 'workflow' && unrecorded && typeof unrecorded.reply === 'object')
      workflows[node.workflow] ??= { answers: [{ reply: unrecorded.reply }] };
  return { ...script, workflows, execution: { ...script.execution, workflow: script.execution?.workflow ?? own } };
}

/** What the record does not answer is answered in its place, and told. @returns whether that was so */
function goesOn(
  error: unknown,
  { nodes }: WorkflowDefinition,
  script: SimulationScript,
  missing: ExecutionComparison['missing_signals'],
): boolean {
  if (!(error instanceof SimulationError) || error.code === 'SCRIPT_FAILED') return false;
  const { node, visit } = error.site;
  if (error.code === 'IMPOSSIBLE_ANSWER') {
    // It expired, and the new gate never does: whoever let the time pass did not approve.
    const expired = script.people?.find((answer) => answer.node === node && answer.decision === 'expired');
    if (expired) expired.decision = 'rejected';
    return expired !== undefined;
  }
  const waits = nodes.find(({ id }) => id === node);
  if (waits?.type !== 'wait' || waits.signal === undefined || missing.length >= MOST_MISSING) return false;
  script.signals = [...(script.signals ?? []), { name: waits.signal, payload: null, after_ms: 0 }];
  missing.push({ node, visit, name: waits.signal });
  return true;
}
